"""Reads a bill of materials from a file."""

from dataclasses import dataclass
from pathlib import Path

import orjson

from upheld.sources.people.regular import content
from upheld.sources.scanner.formats import cyclonedx
from upheld.sources.scanner.get import LARGEST_BYTES
from upheld.sources.scanner.report import Node
from upheld.sources.source import SourceError


@dataclass(frozen=True)
class Bill:
    """A bill that was read: its file's name, and the document."""

    name: str
    root: Node


def bill(path: Path) -> Bill:
    """Return the bill in the file `path`; raises `SourceError` naming the file and what is wrong with it."""
    try:
        document = orjson.loads(content(path, LARGEST_BYTES).raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise SourceError(f"{path.name}: it is no complete JSON document ({error}); CycloneDX in JSON is read", permanent=True) from error
    except OSError as error:
        raise SourceError(f"{path.name}: {error.strerror or type(error).__name__}", permanent=True) from error
    except SourceError as error:
        raise SourceError(f"{path.name}: {error}", permanent=error.permanent) from error
    if not cyclonedx.is_it(document):
        raise SourceError(f"{path.name}: it is no bill of materials in CycloneDX", permanent=True)
    return Bill(path.name, Node(document))
