"""A measure's file as a bundle carries it: its digest, its query, and of its front matter what decides a state."""

import hashlib
import re
import tomllib
from dataclasses import dataclass

from upheld.ledger.verify.bundle import spans
from upheld.ledger.verify.bundle.spans import Span
from upheld.ledger.verify.report import Rejected

_FRONT = re.compile(r"\A\s*/\*---[ \t]*\r?\n(?P<toml>.*?)\r?\n---\*/[ \t]*\r?\n?(?P<query>.*)\Z", re.DOTALL)


@dataclass(frozen=True)
class Measure:
    """A measure: the SHA-256 of its file, its query, and the fields that decide."""

    id: str
    digest: str
    query: str
    parameters: tuple[str, ...]
    optional: tuple[str, ...]
    may_be_empty: bool
    warn: Span | None
    title: str
    promise: str


def parse(measure: str, text: bytes) -> Measure:
    """Return the measure in the file `text`. Raises `Rejected`."""
    try:
        found = _FRONT.match(text.decode("utf-8"))
        if found is None:
            raise Rejected(f"the file of {measure} does not begin with front matter")
        said = tomllib.loads(found["toml"])
        return Measure(
            measure,
            hashlib.sha256(text).hexdigest(),
            found["query"],
            tuple(map(str, said.get("parameters", ()))),
            tuple(map(str, said.get("optional", ()))),
            bool(said.get("may_be_empty", "")),
            spans.parse(str(said["warn"])) if "warn" in said else None,
            str(said.get("title", "")),
            str(said.get("promise", "")),
        )
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, TypeError) as error:
        raise Rejected(f"the file of {measure} cannot be read: {error}") from error
