"""Numbers, instants and lists as people read them."""

from collections.abc import Sequence
from datetime import datetime


def instant(at: datetime) -> str:
    """Return "14 March 2026, 09:12 UTC"."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def listed(words: Sequence[str], most: int = 3) -> str:
    """Return "a, b and c"; beyond `most`, "a, b, c and 4 more"."""
    shown = list(words[:most])
    if len(words) > most:
        shown.append(f"{len(words) - most:,} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def sentence(text: str) -> str:
    """Return `text` with a capital and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
