"""Reads the access model's file, and where each of its entries stands."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from upheld.sources.source import SourceError

KNOWN = ("roles", "grantors", "conflicts", "requests", "utilities", "deviations")


@dataclass(frozen=True)
class Model:
    """What the file says, by section, and its text, in which entries are looked up again to name their line."""

    said: Mapping[str, Any]
    text: str
    changed: float  # when the file was saved, in seconds since 1970

    def line(self, section: str, number: int = 0, name: str = "") -> int:
        """Return the line of the `number`th [[section]] (from 0) or of [section.name]; 0 when it is written inline."""
        head = rf"\[\s*{section}\s*\.\s*[\"']?{re.escape(name)}[\"']?\s*[.\]]" if name else rf"\[\[\s*{section}\s*\]\]"
        found = [text_line for text_line, text in enumerate(self.text.splitlines(), start=1) if re.match(head, text.strip())]
        return found[number] if number < len(found) else 0


def model(path: Path) -> Model:
    """Return the access model at `path`; raises `SourceError` with file, line and what is wrong."""
    try:
        changed = path.stat().st_mtime
        text = path.read_text(encoding="utf-8-sig")
        said = tomllib.loads(text)
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or type(error).__name__}", permanent=True) from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: byte {error.start} is not UTF-8, which TOML is written in", permanent=True) from error
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path}: {error}", permanent=True) from error
    unknown = [name for name in said if name not in KNOWN]
    if unknown:
        raise SourceError(f"{path}: there is no section {unknown[0]!r}; an access model has {', '.join(KNOWN)}", permanent=True)
    return Model(said, text, changed)
