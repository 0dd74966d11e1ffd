"""What kind of account an entry is: by the patterns that the company set for its names, else by what the entry says it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from upheld.sources.ldap.client import Entry
from upheld.sources.source import Misconfigured

PATTERNS = ("admin", "service", "shared", "break_glass")
PROGRAMS = frozenset(
    {b"applicationprocess", b"simplesecurityobject", b"device", b"msds-managedserviceaccount", b"msds-groupmanagedserviceaccount"}
)
PEOPLE = frozenset({b"person", b"inetorgperson", b"organizationalperson"})


@dataclass(frozen=True)
class KindRules:
    """Patterns of log-on names, by kind; the first that fits counts."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...] = ()

    def kind(self, user_name: str, entry: Entry) -> str | None:
        """Return the kind of the account `entry`, None when neither a pattern nor its object classes tell."""
        for kind, pattern in self.patterns:
            if pattern.search(user_name):
                return kind
        told = _by_classes(tuple(entry.attributes.get("objectclass", ())))
        return told or ("person" if "employeenumber" in entry.attributes else None)


@lru_cache(maxsize=1024)
def _by_classes(values: tuple[bytes, ...]) -> str | None:
    classes = {value.lower() for value in values}
    if classes & PROGRAMS and b"inetorgperson" not in classes:
        return "service"
    return "person" if classes & PEOPLE else None


def kind_rules(settings: Mapping[str, str]) -> KindRules:
    """Return the rules that `settings` give (admin_pattern ...); raises `Misconfigured` for what is no regular expression."""
    found = []
    for kind in PATTERNS:
        said = settings[f"{kind}_pattern"]
        try:
            if said:
                found.append((kind, re.compile(said, re.IGNORECASE)))
        except re.error as error:
            raise Misconfigured(f"{kind}_pattern {said!r} is no regular expression: {error}") from error
    return KindRules(tuple(found))
