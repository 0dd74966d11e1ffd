"""What a scanner's report says, whichever format it is in: what was found, and what was looked at, without which nothing is mended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any


class NotReadable(ValueError):
    """A report is not what its format says; the message says where, and what stands there."""


class State(StrEnum):
    """How a finding stands in the report."""

    OPEN = "open"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"  # the scanner could not decide


@dataclass(frozen=True)
class Found:
    """One finding. `area` is what was looked at (resource, target, file), `place` where in it; `mark` is the scanner's own name for it.

    `fixed_in` names versions in which it is mended, "" where none is known; `fixed_at` is since when there is one.
    """

    rule: str
    title: str
    area: str
    place: str
    severity: str | None
    state: State = State.OPEN
    found_at: datetime | None = None
    mark: str = ""
    fixed_in: str = ""
    fixed_at: datetime | None = None


@dataclass(frozen=True)
class Looked:
    """What a report says it looked at. None: it does not limit it; a finding is mended only where it was looked at and is gone."""

    rules: frozenset[str] | None = None
    areas: frozenset[str] | None = None
    pairs: frozenset[tuple[str, str]] | None = None  # (rule, area)

    def at(self, rule: str, area: str) -> bool:
        """Whether it looked for `rule` in `area`."""
        return (
            (self.rules is None or rule in self.rules)
            and (self.areas is None or area in self.areas)
            and (self.pairs is None or (rule, area) in self.pairs)
        )

    @property
    def is_nothing(self) -> bool:
        """Whether it looked at nothing at all."""
        return any(limit is not None and not limit for limit in (self.rules, self.areas, self.pairs))


@dataclass(frozen=True)
class Report:
    """A report as read. `whole` is None where it does not say whether the scan ran to its end."""

    format: str
    tool: str
    version: str | None
    finished_at: datetime | None
    looked: Looked
    found: tuple[Found, ...]
    whole: bool | None = True
    target: str = ""
    database_at: datetime | None = None
    notes: tuple[str, ...] = field(default=())


def fingerprint(tool: str, system: str, found: Found) -> str:
    """Return what names a finding from report to report: neither its text nor its severity, which scanners change."""
    return sha256("\x1f".join((tool.casefold(), system, found.rule, found.area, found.place, found.mark)).encode()).hexdigest()[:32]


SEVERITIES: Mapping[str, str | None] = MappingProxyType(
    {
        "critical": "critical",
        "fatal": "critical",
        "high": "high",
        "error": "high",
        "medium": "medium",
        "moderate": "medium",
        "warning": "medium",
        "low": "low",
        "note": "low",
        "negligible": "info",
        "informational": "info",
        "info": "info",
        "none": "info",
        "unknown": None,
        "undefined": None,
    }
)


class Node:
    """A value of a JSON document that knows where it stands, so that what is wrong can be said by its place."""

    def __init__(self, value: Any, place: str = "the report") -> None:
        self.value = value
        self.place = place

    def at(self, *names: str) -> "Node":
        """Return what stands below `names`, a node of None where one is missing. Raises `NotReadable` where one is no object."""
        node = self
        for name in names:
            if node.value is None:
                return Node(None, f"{node.place}.{name}")
            if not isinstance(node.value, dict):
                raise NotReadable(f"{node.place} is not an object")
            node = Node(node.value.get(name), f"{node.place}.{name}")
        return node

    def each(self) -> "list[Node]":
        """Return the items of a list; none where there is nothing. Raises `NotReadable`."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise NotReadable(f"{self.place} is not a list")
        return [Node(value, f"{self.place}[{number}]") for number, value in enumerate(self.value)]

    @property
    def text(self) -> str:
        """The text, "" where there is nothing. Raises `NotReadable`."""
        if self.value is None:
            return ""
        if isinstance(self.value, bool) or not isinstance(self.value, str | int | float):
            raise NotReadable(f"{self.place} is not a text")
        return str(self.value)

    @property
    def needed(self) -> str:
        """The text, which must be there. Raises `NotReadable`."""
        if not self.text:
            raise NotReadable(f"{self.place} is missing")
        return self.text

    @property
    def instant(self) -> datetime | None:
        """The instant, None where there is nothing; one without a zone is in UTC. Raises `NotReadable`."""
        return instant(self.text, self.place) if self.text else None

    @property
    def severity(self) -> str | None:
        """Our word for a severity. Raises `NotReadable` for a word that nobody knows: a guess would be a lie."""
        word = self.text.casefold()
        if word not in SEVERITIES:
            raise NotReadable(f"{self.place} is {self.text[:40]!r}, which is no severity that is known")
        return SEVERITIES[word]


def instant(said: str, place: str) -> datetime:
    """Return `said` (ISO 8601) as an instant; raises `NotReadable`."""
    try:
        read = datetime.fromisoformat(said)
    except ValueError as error:
        raise NotReadable(f"{place} is {said[:40]!r}, which is no instant") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)
