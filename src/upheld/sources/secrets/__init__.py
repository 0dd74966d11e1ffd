"""Secrets that lie in the open, in repositories and shares, by detect-secrets: kept as place and keyed fingerprint, never as they are."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

import orjson
from django.conf import settings as django_settings

from upheld.evidence.collection import Collecting
from upheld.evidence.table import Value
from upheld.sources.secrets.get import Looked, files_of, look
from upheld.sources.source import Misconfigured, Setting, SourceError

Row = dict[str, Value]
# Kinds that a line only looks like: whether it is a secret is unknown until somebody says so in the baseline.
GUESSED = frozenset({"Base64 High Entropy String", "Hex High Entropy String", "Secret Keyword", "Public IP (ipv4)"})
NO_SECRET = frozenset({"Public IP (ipv4)"})


@dataclass(frozen=True)
class SecretsSource:
    """Places to look through, each with the system that holds it."""

    places: tuple[tuple[str, str], ...]
    baseline: Path | None
    most_bytes: int
    patience: float

    def test(self) -> str:
        """Return how much there is to look through; raises `SourceError`."""
        count = sum(len(files_of(Path(place), self.patience)) for place, _ in self.places if Path(place).is_dir())
        return f"{len(self.places)} places with {count} files"

    def collect(self, into: Collecting) -> None:
        """Look through each place. One that is not there, or not to its end, makes both tables partial."""
        judged, scans, found = self._baseline(), list[Row](), dict[str, Row]()
        for place, system in self.places:
            into.progress(place, len(scans))
            looked = self._looked(Path(place), into)
            if looked is None:
                continue
            scans.append(
                {
                    "id": place,
                    "system_id": system,
                    "place": place,
                    "files": looked.files,
                    "unread": len(looked.unread),
                    "scanned_at": into.seen_at,
                }
            )
            found |= {str(row["id"]): row for row in _rows(place, system, looked, judged)}
        into.rows("secret_scans", scans)
        into.rows("exposed_secrets", list(found.values()))

    def _looked(self, place: Path, into: Collecting) -> Looked | None:
        def short(why: str) -> None:
            for table in ("secret_scans", "exposed_secrets"):
                into.cut_short(table, why)

        if not place.is_dir():
            short(f"{place} is not there, or may not be read")
            return None
        try:
            looked = look(place, files_of(place, self.patience), _key(), self.most_bytes, self.patience)
        except SourceError as error:
            short(str(error))
            return None
        if looked.ended_early:
            short(f"{place}: {looked.ended_early}; {looked.files} files were looked through")
        return looked

    def _baseline(self) -> Mapping[tuple[str, str], bool]:
        """Return what somebody said of findings in detect-secrets' baseline: by file and SHA-1, whether it is a secret."""
        if self.baseline is None:
            return {}
        try:
            said = orjson.loads(self.baseline.read_bytes())
            results = said["results"].items()
            return {
                (file, str(each["hashed_secret"])): each["is_secret"]
                for file, found in results
                for each in found
                if isinstance(each.get("is_secret"), bool)
            }
        except (OSError, orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise SourceError(
                f"baseline {self.baseline} is none of detect-secrets' ({type(error).__name__}): make it by `detect-secrets scan`",
                permanent=True,
            ) from error


def _rows(place: str, system: str, looked: Looked, judged: Mapping[tuple[str, str], bool]) -> Iterator[Row]:
    for each in looked.found:
        if each["kind"] in NO_SECRET:
            continue
        said = judged.get((each["file"], each["sha1"]))
        accepted: bool | None = None if each["kind"] in GUESSED else False
        if said is not None:
            accepted = not said
        elif each["allowed"]:
            accepted = True
        yield {
            "id": f"{place}/{each['file']}:{each['line']}:{each['kind']}:{each['fingerprint'][:16]}",
            "scan_id": place,
            "system_id": system,
            "file": each["file"],
            "line": each["line"],
            "kind": each["kind"],
            "fingerprint": each["fingerprint"],
            "accepted": accepted,
        }


def _key() -> bytes:
    """Return the key of fingerprints: this installation's own, so that nobody else can try guesses against them."""
    return hmac.new(django_settings.SECRET_KEY.encode(), b"upheld: fingerprints of secrets in the open", hashlib.sha256).digest()


class SecretsKind:
    """Secrets in repositories and shares."""

    name: ClassVar[str] = "secrets"
    title: ClassVar[str] = "Secrets in the open (repositories and shares, by detect-secrets)"
    tables: ClassVar[Sequence[str]] = ("secret_scans", "exposed_secrets")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("places", "folder[=system], blank between: working copies of repositories, mounted shares, exports of tickets"),
        Setting("baseline_file", "detect-secrets' baseline, in which somebody said what is a secret and what is none; empty for none", ""),
        Setting("most_bytes", "size above which a file is not looked through, and counted as unread", "1000000"),
        Setting("patience", "seconds for each place, after which what is left is said to be missing", "600"),
    )
    least_rights: ClassVar[str] = "An account that may read the files."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> SecretsSource:
        """Return the places; raises `Misconfigured`."""
        if find_spec("detect_secrets") is None:
            raise Misconfigured("detect-secrets is not installed: install the extra, upheld[secrets]")
        places = []
        for word in settings["places"].split():
            place, _, system = word.partition("=")
            if not place.startswith("/"):
                raise Misconfigured(f"{place!r} is no absolute path of a folder")
            places.append((place.rstrip("/") or "/", system or Path(place).name))
        if not places:
            raise Misconfigured("places names no folder")
        for name in ("most_bytes", "patience"):
            if not settings[name].isdecimal() or int(settings[name]) < 1:
                raise Misconfigured(f"{name} is {settings[name]!r}; it is a number above 0")
        baseline = Path(settings["baseline_file"]).expanduser() if settings["baseline_file"] else None
        return SecretsSource(tuple(places), baseline, int(settings["most_bytes"]), float(settings["patience"]))


SECRETS = SecretsKind()
