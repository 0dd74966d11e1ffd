"""The entry: one thing that happened, as it is hashed. Standard library only; `docs/design/ledger.md` tells its life.

People never appear in it: actors and subjects who are people are per-event tags, personal values are commitments.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from upheld.ledger import identifier, profile
from upheld.ledger.profile import Json

VERSION = 1
# What may be named in the clear. All else is taken for a person and becomes a tag: a type forgotten here costs a join, not a secret.
IMPERSONAL = frozenset(
    {"backup", "check", "checkpoint", "collection", "control", "document", "drill", "exception", "export", "finding", "key", "ledger"}
    | {"measure", "parameter", "policy", "promise", "record", "register", "role", "schedule", "setting", "source", "standard", "system"}
    | {"table", "verdict", "workspace"}
)

_KIND = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+", re.ASCII).fullmatch
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,63}", re.ASCII).fullmatch
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII).fullmatch
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII).fullmatch
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+", re.ASCII).fullmatch
_NAMED, _TAGGED = frozenset({"type", "id"}), frozenset({"type", "tag"})
_NAMED_ACTOR, _TAGGED_ACTOR = _NAMED | {"via"}, _TAGGED | {"via"}
_SOURCE = frozenset({"id", "n"})
_REQUIRED = frozenset({"v", "log", "id", "ts", "kind", "actor", "src", "body"})
_GIVEN = frozenset({"kind", "actor", "subject", "ev", "pii", "corrects"})  # the members that callers word; the others are made
_OPTIONAL = frozenset({"eff", "subject", "ev", "pii", "corrects"})
_ALL = _REQUIRED | _OPTIONAL


class MalformedEntry(ValueError):
    """Canonical JSON that is not an entry; the message says which member is wrong."""


class Actor(NamedTuple):
    """Who did it: a type and an id, and the way it came (`web`, `cli`, `api`, `worker`)."""

    type: str
    id: str
    via: str = "worker"


SYSTEM = Actor("system", "upheld")


@dataclass(frozen=True)
class Evidence:
    """A file that an entry rests on, kept elsewhere: SHA-256 in lower-case hex, size in bytes, media type."""

    sha256: str
    size_bytes: int
    media_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Party:
    """Actor or subject as it stands in an entry: either its `id` in the clear, or a `tag` that only the key holder can link."""

    type: str
    id: str | None = None
    tag: str | None = None

    def fields(self) -> dict[str, Json]:
        """Return the members as logged."""
        return {"type": self.type, "id": self.id} if self.tag is None else {"type": self.type, "tag": self.tag}


@dataclass(frozen=True)
class Entry:
    """An entry. `number` counts the entries of `emitter` in this log from 1 without a gap, so that an omission shows."""

    log: str
    id: str
    at: datetime
    kind: str
    actor: Party
    via: str
    emitter: str
    number: int
    body: Mapping[str, Json]
    effective_at: datetime | None = None
    subject: Party | None = None
    evidence: Sequence[Evidence] = ()
    commitments: Mapping[str, str] = field(default_factory=dict)
    corrects: str | None = None

    def fields(self) -> dict[str, Json]:
        """Return the members as logged, ready to be encoded; one that would be empty is left out.

        Raises `MalformedEntry`, and `NotCanonical` for what `body` holds.
        """
        profile.check(self.body, depth=1)
        found: dict[str, Json] = {
            "v": VERSION,
            "log": self.log,
            "id": self.id,
            "ts": instant_text(self.at),
            "kind": self.kind,
            "actor": {**self.actor.fields(), "via": self.via},
            "src": {"id": self.emitter, "n": self.number},
            "body": self.body,
        }
        if self.effective_at is not None:
            found["eff"] = instant_text(self.effective_at)
        if self.subject is not None:
            found["subject"] = self.subject.fields()
        if self.evidence:
            found["ev"] = [{"sha256": file.sha256, "size": file.size_bytes, "type": file.media_type} for file in self.evidence]
        if self.commitments:
            profile.check(self.commitments, depth=1)
            found["pii"] = dict(self.commitments)
        if self.corrects is not None:
            found["corrects"] = self.corrects
        _check_members(found, _GIVEN & found.keys())
        return found


def instant_text(at: datetime) -> str:
    """Return `at` (aware) as UTC with six digits of a second: `2026-11-22T03:36:54.123456Z`."""
    if at.tzinfo is None:
        raise MalformedEntry(f"{at} has no time zone")
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[:-6] + "Z"


def instant(text: str) -> datetime:
    """Return the instant that `instant_text` wrote. Raises `MalformedEntry` for any other spelling or an impossible date."""
    if not _INSTANT(text):
        raise MalformedEntry(f"time {text[:40]!r} is not written as 2026-11-22T03:36:54.123456Z")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedEntry(f"time {text!r} does not exist: {error}") from error


def check(fields: object) -> dict[str, Json]:
    """Return `fields` if they are an entry of version 1; raises `MalformedEntry` naming the first member that is not as it must be."""
    if not isinstance(fields, dict):
        raise MalformedEntry("an entry is an object")
    if fields.get("v") != VERSION or fields["v"] is True:
        raise MalformedEntry(f"version {fields.get('v')!r} is unknown; this reader knows {VERSION}")
    names = fields.keys()
    if not names >= _REQUIRED or not names <= _ALL:
        odd = sorted((_REQUIRED - names) | (names - _ALL))
        raise MalformedEntry(f"members missing or unknown: {', '.join(odd)}")
    _check_members(fields, fields)
    return fields


def require(name: str, value: object) -> None:
    """Raise `MalformedEntry` unless `value` may stand as member `name`."""
    if not _CHECKS[name](value):
        raise MalformedEntry(f"member {name!r} is not as it must be: {str(value)[:60]!r}")


def _check_members(fields: Mapping[str, object], names: Iterable[str]) -> None:
    for name in names:
        require(name, fields[name])


def read(fields: object) -> Entry:
    """Return the entry that `fields` are. Raises `MalformedEntry`."""
    known = check(fields)
    actor, source, subject = _object(known["actor"]), _object(known["src"]), known.get("subject")
    return Entry(
        log=_text(known["log"]),
        id=_text(known["id"]),
        at=instant(_text(known["ts"])),
        kind=_text(known["kind"]),
        actor=_party(actor),
        via=_text(actor["via"]),
        emitter=_text(source["id"]),
        number=_integer(source["n"]),
        body=_object(known["body"]),
        effective_at=instant(_text(known["eff"])) if "eff" in known else None,
        subject=None if subject is None else _party(_object(subject)),
        evidence=tuple(_evidence(_object(file)) for file in _list(known.get("ev", []))),
        commitments={name: _text(value) for name, value in _object(known.get("pii", {})).items()},
        corrects=_text(known["corrects"]) if "corrects" in known else None,
    )


def _party(fields: Mapping[str, Json]) -> Party:
    type = _text(fields["type"])
    return Party(type, id=_text(fields["id"])) if "id" in fields else Party(type, tag=_text(fields["tag"]))


def _evidence(fields: Mapping[str, Json]) -> Evidence:
    return Evidence(_text(fields["sha256"]), _integer(fields["size"]), _text(fields["type"]))


def _text(value: Json) -> str:
    assert isinstance(value, str)
    return value


def _integer(value: Json) -> int:
    assert isinstance(value, int)
    return value


def _object(value: Json) -> Mapping[str, Json]:
    assert isinstance(value, Mapping)
    return value


def _list(value: Json) -> Sequence[Json]:
    assert isinstance(value, Sequence)
    return value


def _is(matches: Callable[[str], object], value: object) -> bool:
    return isinstance(value, str) and matches(value) is not None


def _is_instant(value: object) -> bool:
    if not _is(_INSTANT, value):
        return False
    try:
        return isinstance(value, str) and datetime.fromisoformat(value) is not None
    except ValueError:
        return False


def _is_party(value: object, named: frozenset[str] = _NAMED, tagged: frozenset[str] = _TAGGED) -> bool:
    if not isinstance(value, dict):
        return False
    if value.keys() == named:
        return isinstance(value["id"], str) and 0 < len(value["id"]) <= 1024 and _is(_WORD, value["type"])
    return value.keys() == tagged and _is(_DIGEST, value["tag"]) and _is(_WORD, value["type"])


def _is_actor(value: object) -> bool:
    return _is_party(value, _NAMED_ACTOR, _TAGGED_ACTOR) and isinstance(value, dict) and _is(_WORD, value["via"])


def _is_source(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != _SOURCE:
        return False
    return type(value["n"]) is int and value["n"] > 0 and _is(_WORD, value["id"])


def _is_evidence(value: object) -> bool:
    return isinstance(value, (list, tuple)) and len(value) > 0 and all(_is_file(file) for file in value)


def _is_file(file: object) -> bool:
    if not isinstance(file, dict) or file.keys() != {"sha256", "size", "type"}:
        return False
    return _is(_DIGEST, file["sha256"]) and type(file["size"]) is int and file["size"] >= 0 and _is(_MEDIA_TYPE, file["type"])


def _is_commitments(value: object) -> bool:
    return isinstance(value, dict) and len(value) > 0 and all(_is(_DIGEST, commitment) for commitment in value.values())


_CHECKS = {
    "v": lambda value: True,
    "log": lambda value: isinstance(value, str) and 0 < len(value) <= 255,
    "id": identifier.is_valid,
    "ts": _is_instant,
    "kind": lambda value: _is(_KIND, value),
    "actor": _is_actor,
    "src": _is_source,
    "body": lambda value: isinstance(value, dict),
    "eff": _is_instant,
    "subject": _is_party,
    "ev": _is_evidence,
    "pii": _is_commitments,
    "corrects": identifier.is_valid,
}
