"""Which clauses there are, what they are about, and where their subject stands in a newer edition or another standard."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class UnknownClauseError(LookupError):
    """No standard here has the clause that was asked for."""


@dataclass(frozen=True)
class Clause:
    """One entry of a standard. `title` is in our own words, never the standard's."""

    standard: str
    number: str
    title: str

    @property
    def cited(self) -> str:
        """Its full form, as in "ISO/IEC 27001:2013 A.9.2.6"."""
        return f"{self.standard} {self.number}"


@dataclass(frozen=True)
class Link:
    """Where a clause's subject stands elsewhere. `checked` says against what this was compared; None: nobody could check it."""

    clause: Clause
    checked: str | None


@dataclass(frozen=True)
class Standard:
    """A standard or law: the clauses held here, and whether a number that is not held can be said not to exist."""

    name: str
    holds: str
    basis: str
    complete: bool
    within: tuple[str, ...]
    highest: int | None
    newer: str | None
    clauses: Mapping[str, Clause]

    def has(self, number: str) -> bool | None:
        """Whether `number` exists, as a clause or as a group of clauses; None when what is held here cannot tell."""
        if number in self.clauses or any(held.startswith((f"{number}.", f"{number}(")) for held in self.clauses):
            return True
        if self.complete and number.startswith(self.within):
            return False
        article = number.partition("(")[0]
        if self.highest is not None and article.isdecimal() and not 1 <= int(article) <= self.highest:
            return False
        return None


@cache
def standards() -> Mapping[str, Standard]:
    """Every standard held here, by name ("ISO/IEC 27001:2013", "GDPR", "SOC 2")."""
    return {standard.name: standard for path in sorted(HERE.glob("*.toml")) for standard in [_read(path)]}


def clause(cited: str) -> Clause:
    """Return the clause of the full form `cited`, as in "ISO/IEC 27001:2013 A.9.2.6"; raises `UnknownClauseError`."""
    standard, number = split(cited)
    if standard is None:
        raise UnknownClauseError(f"`{cited}`: no such standard here; write one of {', '.join(standards())} before the number")
    if number not in standard.clauses:
        raise UnknownClauseError(f"`{cited}`: {standard.name} has no `{number}` among what is held here ({standard.holds})")
    return standard.clauses[number]


def exists(cited: str) -> bool | None:
    """Whether there is a clause or group of clauses `cited`; None when what is held here cannot tell."""
    standard, number = split(cited)
    return standard.has(number) if standard else None


def split(cited: str) -> tuple[Standard | None, str]:
    """Part a full form into its standard, None when it is not held here, and its number."""
    for name, standard in standards().items():
        if cited.startswith(f"{name} "):
            return standard, cited.removeprefix(name).strip()
    return None, cited


def newer(of: Clause) -> tuple[Link, ...]:
    """Where the subject of `of` stands in the next edition of its standard; none when there is no next edition, or no entry."""
    edition = standards()[of.standard].newer
    return tuple(link for link in related(of) if link.clause.standard == edition)


def related(of: Clause) -> tuple[Link, ...]:
    """Every clause that a crosswalk joins with `of`, in either direction, as the crosswalks list them."""
    return _links().get(of, ())


@cache
def _links() -> Mapping[Clause, tuple[Link, ...]]:
    links: dict[Clause, list[Link]] = {}
    for path in sorted((HERE / "crosswalks").glob("*.toml")):
        for one, other, checked in _pairs(tomllib.loads(path.read_text(encoding="utf-8"))):
            links.setdefault(one, []).append(Link(other, checked))
            links.setdefault(other, []).append(Link(one, checked))
    return {of: tuple(found) for of, found in links.items()}


def _pairs(crosswalk: Mapping[str, Any]) -> Iterator[tuple[Clause, Clause, str | None]]:
    for number, entry in crosswalk["entries"].items():
        checked = entry.get("checked")
        if (checked is None) != entry.get("unchecked", False):
            raise ValueError(f"{crosswalk['from']} {number}: a crosswalk entry is either `checked` against something or `unchecked = true`")
        for other in entry["to"]:
            yield clause(f"{crosswalk['from']} {number}"), clause(f"{crosswalk['to']} {other}"), checked


def _read(path: Path) -> Standard:
    held = tomllib.loads(path.read_text(encoding="utf-8"))
    return Standard(
        name=held["name"],
        holds=held["holds"],
        basis=held["basis"],
        complete=held["complete"],
        within=tuple(held.get("within", ())),
        highest=held.get("highest"),
        newer=held.get("newer"),
        clauses={number: Clause(held["name"], number, title) for number, title in held["clauses"].items()},
    )
