"""How a company wants to be reminded: the file `duties.toml` of the workspace. What it leaves out is as here."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Protocol

from upheld import workspace
from upheld.checks.measure import Kind, Severity
from upheld.checks.span import span
from upheld.documents import catalogue
from upheld.documents.document import CHAPTERS
from upheld.due import IsFree, free_days, weekends

FILE = "duties.toml"
# Whom a finding is told to: whoever takes care of it, their manager, those who hold a role, and programs (webhooks).
WORDS = ("owner", "manager", "security-lead", "dpo", "programs")


class Answered(Protocol):
    """A measure: its id, what kind of promise it is, and the word that owns it."""

    @property
    def id(self) -> str:
        """As in physical/entry_authorised."""

    @property
    def kind(self) -> str:
        """As in never."""

    @property
    def owner(self) -> str:
        """As in facilities."""


class DutiesMisconfigured(ValueError):
    """`duties.toml` cannot be used; the message names the entry and the remedy."""


@dataclass(frozen=True)
class Policy:
    """`escalate_after` and `mend_within` (by severity) are working days of `country` ("DE" or "DE-BY"; "": Monday to Friday).

    `soon` is how long before its day something is said to be due soon; `route` is who is told of a finding, by severity; those of
    `at_once` at once, unless the person wants one mail a day. `falls_to`: who answers for the findings of a measure, of a chapter or of
    a kind of promise, in place of who owns the measure.
    """

    country: str = ""
    soon: timedelta = timedelta(days=7)
    exception_ends: timedelta = timedelta(days=14)
    escalate_after: int = 5
    mend_within: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({"critical": 5, "high": 20, "medium": 60, "low": 120}))
    route: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType(
            {
                "critical": ("owner", "security-lead", "programs"),
                "high": ("owner", "security-lead", "programs"),
                "medium": ("owner", "programs"),
                "low": ("owner", "programs"),
            }
        )
    )
    at_once: tuple[str, ...] = ("critical", "high")
    falls_to: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def rule(self, measure: Answered) -> str:
        """Return which line of `falls_to` holds for findings of `measure`, the most particular first; "" where its owner answers."""
        said = (measure.id, measure.id.partition("/")[0], str(measure.kind))
        return next((each for each in said if each in self.falls_to), "")

    def answers(self, measure: Answered) -> str:
        """Return the word whose holders answer for findings of `measure` that nobody was said to take care of."""
        return self.falls_to.get(self.rule(measure), measure.owner)

    @property
    def is_free(self) -> IsFree:
        """What says whether a day is no working day."""
        country, _, part = self.country.partition("-")
        return free_days(country, part or None) if country else weekends


def policy() -> Policy:
    """Return what the workspace's `duties.toml` says; raises `DutiesMisconfigured`."""
    path = workspace.current().root / FILE
    if not path.is_file():
        return Policy()
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DutiesMisconfigured(f"{path} is no TOML: {error}") from error
    try:
        return _read(said)
    except (ValueError, TypeError) as error:
        raise DutiesMisconfigured(f"{path}: {error}") from error


def _read(said: Mapping[str, Any]) -> Policy:
    unknown = sorted(said.keys() - Policy.__dataclass_fields__.keys())
    if unknown:
        raise ValueError(f"it says {', '.join(unknown)}; known are {', '.join(Policy.__dataclass_fields__)}")
    given: dict[str, Any] = {name: said[name] for name in ("escalate_after",) if name in said}
    given |= {name: span(str(said[name])).about for name in ("soon", "exception_ends") if name in said}
    if "country" in said:
        given["country"] = _country(str(said["country"]))
    given |= {name: Policy().__getattribute__(name) | _by_severity(name, said[name]) for name in ("mend_within", "route") if name in said}
    if "at_once" in said:
        given["at_once"] = tuple(_severity(each) for each in said["at_once"])
    if "falls_to" in said:
        given["falls_to"] = _falls_to(said["falls_to"])
    found = Policy(**given)
    if not isinstance(found.escalate_after, int) or found.escalate_after < 1:
        raise ValueError("escalate_after is a number of working days, at least 1")
    return found


def _falls_to(said: Any) -> dict[str, str]:
    if not isinstance(said, dict):
        raise TypeError("falls_to is a table: [falls_to], and then a line for each measure, chapter or kind of promise")
    known = {*catalogue.known(), *CHAPTERS, *Kind}
    for name, word in said.items():
        # A workspace's own measures are read elsewhere; of them the form is all that is known here.
        if name not in known and "/" not in name:
            raise ValueError(f"falls_to names {name!r}, which is no measure, chapter or kind of promise ({', '.join(Kind)})")
        if not isinstance(word, str) or not word:
            raise ValueError(f"falls_to says {word!r} of {name}; name a responsibility, or a role, that somebody holds")
    return dict(said)


def _country(said: str) -> str:
    try:
        Policy(country=said).is_free  # noqa: B018  asked for what it raises
    except NotImplementedError as error:
        raise ValueError(f'country = "{said}": no calendar of it is known; write ISO 3166, as in "DE" or "DE-BY"') from error
    return said


def _by_severity(name: str, said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise TypeError(f"{name} is a table: [{name}], and then a line for each severity")
    if name == "mend_within":
        wrong = [each for each in said.values() if not isinstance(each, int) or each < 1]
        if wrong:
            raise ValueError(f"mend_within gives working days, at least 1, not {wrong[0]!r}")
        return {_severity(each): days for each, days in said.items()}
    for words in said.values():
        if unknown := [word for word in words if word not in WORDS]:
            raise ValueError(f"route names {unknown[0]!r}; known are {', '.join(WORDS)}")
    return {_severity(each): tuple(words) for each, words in said.items()}


def _severity(said: str) -> str:
    return Severity(said).value
