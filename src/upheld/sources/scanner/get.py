"""Reads scanners' reports from a file, or from each file of a folder."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import orjson

from upheld.sources.people.regular import content
from upheld.sources.scanner.formats import cyclonedx, grype, inspec, lynis, ocsf, sarif, trivy, xccdf
from upheld.sources.scanner.report import NotReadable, Report
from upheld.sources.source import SourceError

LARGEST_BYTES = 64_000_000
MOST_FILES = 1_000
_JSON = (sarif, trivy, grype, inspec, cyclonedx, ocsf)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Read:
    """A file that was read: its name, what it holds, and SHA-256 of its bytes in hex."""

    name: str
    digest: str
    reports: tuple[Report, ...]


def files(path: Path) -> list[Path]:
    """Return the file `path`, or the files of the folder `path`, in alphabetical order; raises `SourceError`."""
    try:
        if not path.is_dir():
            return [path]
        found = sorted(Path(entry.path) for entry in os.scandir(path) if entry.is_file() and not entry.name.startswith("."))
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or type(error).__name__}", permanent=True) from error
    if len(found) > MOST_FILES:
        raise SourceError(f"{path} has {len(found):,} files; at most {MOST_FILES:,} are read: move older reports away", permanent=True)
    return found


def read(path: Path) -> Read:
    """Return the reports in the file `path`; raises `SourceError` naming the file and what is wrong with it."""
    try:
        raw = content(path, LARGEST_BYTES).raw
        return Read(path.name, sha256(raw).hexdigest(), tuple(reports(raw)))
    except NotReadable as error:
        raise SourceError(f"{path.name}: {error}", permanent=True) from error
    except OSError as error:
        raise SourceError(f"{path.name}: {error.strerror or type(error).__name__}", permanent=True) from error
    except SourceError as error:
        raise SourceError(f"{path.name}: {error}", permanent=error.permanent) from error


def reports(raw: bytes) -> list[Report]:
    """Return the reports in the bytes `raw`, in whichever format they are; raises `NotReadable`."""
    if not raw.strip():
        raise NotReadable("it is empty")
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if raw.startswith(_UTF_16) or start == b"<":
        return xccdf.read(raw) if b"<" in raw[:200] else _of_text(_decoded(raw))
    if start in (b"{", b"["):
        document = _json(raw)
        for kind in _JSON:
            if kind.is_it(document):
                found: list[Report] = kind.read(document)
                return found
        raise NotReadable("it is JSON of no format that is read: SARIF, OCSF, Trivy, Grype, InSpec, CycloneDX")
    return _of_text(_decoded(raw))


def _of_text(text: str) -> list[Report]:
    if lynis.is_it(text):
        return lynis.read(text)
    raise NotReadable("it is of no format that is read: SARIF, OCSF, XCCDF, ARF, Lynis, Trivy, Grype, InSpec, CycloneDX")


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-16" if raw.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotReadable(f"it is not UTF-8 (byte {error.start:,})") from error


def _json(raw: bytes) -> object:
    text = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith(b"{") and line.rstrip().endswith(b"}") for line in lines):
            return _lines(lines)  # one event a line, as OCSF is streamed
        raise NotReadable(f"it is no complete JSON document ({error})") from error


def _lines(lines: list[bytes]) -> object:
    try:
        return [orjson.loads(line) for line in lines]
    except orjson.JSONDecodeError as error:
        raise NotReadable(f"a line of it is no complete JSON document ({error})") from error
