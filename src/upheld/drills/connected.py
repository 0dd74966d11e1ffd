"""Connecting to what the lab started: a kind's defaults, and what the drill says."""

from upheld.sources.source import Source, SourceKind


def connected(kind: SourceKind, **given: str) -> Source:
    """Return a source of `kind`; a secret is given as itself, since it opens only what the lab made."""
    return kind.connect({setting.name: setting.default or "" for setting in kind.settings} | given)
