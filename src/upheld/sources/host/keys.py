"""Answers of a host -> rows of keys: who may sign in by SSH key, the host's own keys, and the certificates it was asked for."""

from collections.abc import Iterable

from upheld.evidence.table import Row, Value
from upheld.sources.host.answers import ABSENT, Answers, Part, printable
from upheld.sources.host.sshkeys import PublicLine, public_lines
from upheld.sources.tls.certificate import certificates


def keys(answers: Answers, system: str, certificate_paths: Iterable[str]) -> Part:
    """Return one row a key and purpose. A key found in several places names all of them."""
    part = Part("keys")
    found: dict[str, dict[str, Value]] = {}
    for user, path in answers.holders:
        section = answers.file(path)
        for line in public_lines(section.text):
            _note(found, system, line, "ssh-user", path, user)
        if not section.whole and section.status != ABSENT:
            part.cut_short.append(f"{path}: {section.why}")
    for path, section in answers.under("/etc/ssh").items():
        if path.endswith(".pub"):
            for line in public_lines(section.text):
                _note(found, system, line, "ssh-host", path, None)
    part.rows += found.values()
    for path in certificate_paths:
        _certificates(part, answers, system, path)
    part.lack(["created_at"], "an SSH key does not say when it was made")
    return part


def _note(found: dict[str, dict[str, Value]], system: str, line: PublicLine, purpose: str, path: str, holder: str | None) -> None:
    word = f"{system}/{purpose}/{line.fingerprint}"
    row = found.setdefault(
        word,
        {
            "id": word,
            "system_id": system,
            "fingerprint": line.fingerprint,
            "purpose": purpose,
            "algorithm": line.algorithm,
            "bits": line.bits,
            "state": "active",
        },
    )
    row["location"] = _joined(row.get("location"), path)
    row["holder"] = _joined(row.get("holder"), holder or printable(line.comment) or None)


def _joined(before: Value, more: str | None) -> str | None:
    words = {*str(before or "").split(", "), more or ""} - {""}
    return ", ".join(sorted(words)) or None


def _certificates(part: Part, answers: Answers, system: str, path: str) -> None:
    section = answers.file(path)
    if not section.whole:
        part.cut_short.append(f"{path}: {section.why}")
        return
    try:
        found = certificates(section.text)
    except ValueError:
        part.cut_short.append(f"{path} holds no certificate in PEM that can be read")
        return
    rows: list[Row] = [
        {
            "id": f"{system}/tls/{one.fingerprint}",
            "system_id": system,
            "fingerprint": one.fingerprint,
            "purpose": "tls",
            "algorithm": one.algorithm,
            "bits": one.bits,
            "created_at": one.valid_from_at,
            "expires_at": one.valid_until_at,
            "state": "active",  # it lies where it is used; that it has expired is what its dates say
            "location": path,
            "holder": printable(one.subject) or None,
        }
        for one in found
    ]
    part.rows += rows
