"""Who may write, as OpenLDAP's access rules say (slapd.access(5)): parsed, and followed to accounts through groups."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from upheld.sources.ldap.members import Index, Row, grantor
from upheld.sources.ldap.values import folded

# Writing any of these gives somebody rights: membership, a new entry, or another's password.
TELLING = {"*", "entry", "children", "userpassword", "member", "uniquemember", "memberuid", "roleoccupant"}
LEVELS = {"none", "disclose", "auth", "compare", "search", "read", "write", "add", "delete", "manage"}
WRITING = {"write", "add", "delete", "manage"}
BELOW = {"one", "onelevel", "subtree", "sub", "children"}
CONTROLS = {"stop", "continue", "break"}
WORD = re.compile(r'(?:[^\s"]|"(?:[^"\\]|\\.)*")+')
WHO = re.compile(
    r'(?P<what>[a-z]+)(?:/[^.=]*)*(?:\.(?P<style>[a-z]+)(?:\{\d+\})?(?:,expand)?)?="?(?P<value>(?:[^"]|\\")*)"?$', re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Clause:
    """`by` whom, and whether that gives writing; `ends` whether those it fits are done with this rule."""

    who: str
    writes: bool
    ends: bool


@dataclass(frozen=True)
class Rule:
    """`to` what; `scope` None for everything. `tells` is False where writing it gives nobody a right."""

    scope: str | None
    tells: bool
    clauses: tuple[Clause, ...]


@dataclass
class Writers:
    """Accounts that the rules let write, as rows; and what in the rules could not be followed to accounts."""

    rows: list[Row] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def parse(rule: str) -> Rule:
    """Return the access rule `to ... by ... by ...`."""
    words = WORD.findall(rule)
    places = [place for place, word in enumerate(words) if word == "by"]
    what = words[1 : places[0]] if places else words[1:]
    spans = pairwise([*places, len(words)])
    attributes = [word.partition("=")[2].lower().split(",") for word in what if word.lower().startswith(("attrs=", "attr="))]
    told = {name for names in attributes for name in names}
    scope = None if what == ["*"] else " ".join(what)
    return Rule(
        scope,
        not told or bool(told & TELLING) or any(name[:1] in "@!" for name in told),
        tuple(_clause(words[a + 1 : b]) for a, b in spans),
    )


def _clause(words: Sequence[str]) -> Clause:
    who = words[0] if words else "*"
    rest = [word.lower() for word in words[1:]]
    control = next((word for word in rest if word in CONTROLS), "stop")
    access = next((word for word in rest if word not in CONTROLS and _is_access(word)), "none")
    plain = access.removeprefix("self").removeprefix("real")
    writes = plain in WRITING or (access[:1] in "=+" and bool(set(access[1:]) & set("wma")))
    return Clause(who, writes and not access.startswith("self"), control == "stop")


def _is_access(word: str) -> bool:
    return word[:1] in "=+-" or word.removeprefix("self").removeprefix("real") in LEVELS


def writers(rules: Sequence[str], index: Index) -> Writers:
    """Return who may write by `rules`, in order; a clause takes those whom no earlier one of its rule took (slapd.access(5))."""
    found = Writers()
    everybody = set(index.accounts.values())
    for number, text in enumerate(rules, start=1):
        rule = parse(text)
        done: set[str] = set()
        for clause in rule.clauses if rule.tells else ():
            fits = _fits(clause, index, everybody)
            if fits is None and clause.writes:
                found.unclear.append(
                    f"access rule {number} lets {clause.who.partition('=')[0]} write, which cannot be followed to accounts"
                )
            fits = fits or set()
            if clause.writes:
                found.rows.extend(
                    grantor(index, account, f"access rule {number} lets it write", rule.scope) for account in sorted(fits - done)
                )
            done |= fits if clause.ends else set()
    return found


def _fits(clause: Clause, index: Index, everybody: set[str]) -> set[str] | None:
    """Return the accounts that `clause` is about, None when that cannot be told."""
    if clause.who in ("*", "users", "realusers"):
        return everybody
    if clause.who in ("self", "realself") or clause.who.startswith(("dnattr=owner", "dnattr=manager")):
        return set()  # oneself is no other, and owners of groups are grantors anyway
    said = WHO.match(clause.who)
    if said is None:
        return None
    value, style = folded(said["value"].strip('"')), (said["style"] or "exact").lower()
    if said["what"].lower() == "group" and style in ("exact", "base") and value in index.groups:
        return index.everybody_in([index.groups[value]])
    return set(_named(style, value, index)) if said["what"].lower() == "dn" and "$" not in value.rstrip("$") else None


def _named(style: str, value: str, index: Index) -> Iterator[str]:
    for dn, account in index.accounts.items():
        if _searched(value, dn) if style == "regex" else _is_at(dn, value, below=style in BELOW):
            yield account


def _is_at(dn: str, place: str, *, below: bool) -> bool:
    return dn == place or (below and dn.endswith("," + place))


def _searched(pattern: str, dn: str) -> bool:
    try:
        return re.search(pattern, dn) is not None
    except re.error:
        return True  # a pattern that we cannot follow might mean anybody
