"""Whose a row is, and where it names somebody: by the columns that contracts mark personal, and by who a row is about. Pure.

A row of somebody's own is about that person (the entry in the HR list, an account, its grants and sign-ins); any other row may
name them in passing (who approved it, who owns the system). What is free text is searched for addresses and full names.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from upheld.evidence.table import Kind, Row, Table, Value
from upheld.vault.fence import is_token

PERSON, MAIL, USER, ACCOUNT, NAME = "person", "mail", "user", "account", "name"

# By table: the columns that say whose a row is, and as what. Any other table's row is the person's of its column `person_id`.
OWN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "people": ((PERSON, "id"), (MAIL, "mail")),
    "accounts": ((ACCOUNT, "id"), (PERSON, "person_ref"), (MAIL, "person_ref"), (MAIL, "mail")),
    "host_accounts": ((ACCOUNT, "id"),),
    "grants": ((ACCOUNT, "holder_id"),),
    "api_tokens": ((ACCOUNT, "account_id"),),
    "sign_ins": ((USER, "identifier"),),
}
_BY_PERSON = ((PERSON, "person_id"),)
# Accounts that serve many are nobody's own, whoever answers for them.
SHARED = frozenset({"service", "shared", "break_glass", "system"})
# Personal columns that name somebody else than the one whom a row is about.
_OTHERS = re.compile(r".*_by|manager_id|owner_ref|owner_id")
_REFERENCES = frozenset(column for columns in OWN.values() for _, column in columns)
_PARTS = re.compile(r"([\s/:;,|<>()\[\]{}\"'=%\\!?]+)")
_LONGEST_NAME = 4  # words


class Known(Protocol):
    """What knows whom an identifier belonged to; see `vault.fence.Fence`."""

    def erasure(self, kind: str, within: str, value: str, *, own: bool = False) -> str | None: ...
    def begins(self, word: str) -> bool: ...
    def shown(self, erasure: str, value: str) -> str: ...


def owner(contract: Table, row: Row, known: Known) -> str | None:
    """Return the erasure of the person whose own `row` is; "" for somebody already masked in it; None if it is nobody's."""
    if contract.name == "grants" and row["holder_kind"] != "account":
        return None
    if contract.name == "accounts" and row["kind"] in SHARED:
        return None
    within, token = _within(row), False
    for kind, column in OWN.get(contract.name, _BY_PERSON):
        value = row.get(column)
        token = token or (isinstance(value, str) and is_token(value))
        if isinstance(value, str) and (found := known.erasure(kind, within if kind in (USER, ACCOUNT) else "", value, own=True)):
            return found
    return "" if token else None


def masked(contract: Table, row: Row, known: Known) -> Row:
    """Return `row` without what names somebody whom `known` knows; the row itself where it names nobody."""
    own, within = owner(contract, row, known), _within(row)
    changed: dict[str, Value] = {}
    for name, column in contract.columns.items():
        value = row.get(name)
        if value is None or column.kind not in (Kind.TEXT, Kind.LIST):
            continue
        theirs = own if own and column.personal and not _OTHERS.fullmatch(name) else None
        exact = column.personal or name in contract.key or name in _REFERENCES
        if isinstance(value, str) and value.isdigit() and not column.personal:
            continue  # a number that keys something else is sooner its own than a person's
        new = _list(value, within, known, theirs) if isinstance(value, list) else _value(str(value), within, known, theirs, exact)
        if new != value:
            changed[name] = new
    return {**row, **changed} if changed else row


def text(value: str, known: Known, *, accounts: bool = False, numbers: bool = False) -> str:
    """Return `value`, a text for people, without the identifiers of whom `known` knows: addresses, full names, names of accounts.

    `accounts`: permanent identifiers of accounts, too, by which whoever has the system could still tell whose they are.
    `numbers`: numbers of people, too, where none can be a count.
    """
    kinds = (MAIL, USER, PERSON, ACCOUNT) if accounts else (MAIL, USER, PERSON)
    return _words(_parts(value, "", known, kinds, numbers=numbers), known)


def whole(value: str, known: Known) -> str:
    """Return what to show in place of `value`, all of which is somebody's number or name in a field for such; `value` if nobody's."""
    for kind in (PERSON, MAIL, NAME):
        if found := known.erasure(kind, "", value):
            return known.shown(found, value)
    return value


def _within(row: Row) -> str:
    system = row.get("system_id")
    return system if isinstance(system, str) else ""


def _list(values: list[str], within: str, known: Known, theirs: str | None) -> list[str]:
    return [_value(value, within, known, theirs, exact=True) for value in values]


def _value(value: str, within: str, known: Known, theirs: str | None, exact: bool) -> str:
    if theirs:
        return value if is_token(value) else known.shown(theirs, value)
    for kind, where in _meanings(within) if exact else ((MAIL, ""), (NAME, "")):
        if found := known.erasure(kind, where, value):
            return known.shown(found, value)
    # A user name in passing is masked where it is part of something (a path, a right), not where it could be any word.
    return _words(_parts(value, within, known, (MAIL, USER) if exact or "/" in value else (MAIL,)), known)


def _meanings(within: str) -> Iterator[tuple[str, str]]:
    yield from ((PERSON, ""), (MAIL, ""), (NAME, ""), (USER, within))


def _parts(value: str, within: str, known: Known, kinds: tuple[str, ...], *, numbers: bool = False) -> str:
    """Return `value` with each part of it between separators masked, if it is one of an erased person's identifiers.

    Other `numbers` are left: in a sentence they are sooner a count than somebody's number.
    """
    parts = _PARTS.split(value)
    for place in range(0, len(parts), 2):
        if parts[place].isdigit() and not numbers:
            continue
        for kind in kinds:
            found = (
                known.erasure(kind, within if kind in (USER, ACCOUNT) else "", parts[place].strip(".")) if len(parts[place]) > 1 else None
            )
            if found:
                parts[place] = known.shown(found, parts[place].strip("."))
                break
        else:
            parts[place] = _at_host(parts[place], within, known) if USER in kinds else parts[place]
    return "".join(parts)


def _at_host(part: str, within: str, known: Known) -> str:
    """Return `part` without somebody's name before that of a host (`rita@web1`); an address for mail, which has points, is another's."""
    name, at, host = part.partition("@")
    if not at or "." in host.strip(".") or len(name) < 2 or not (found := known.erasure(USER, within, name)):
        return part
    return f"{known.shown(found, name)}@{host}"


def _words(value: str, known: Known) -> str:
    """Return `value` with full names in it masked: two to four words that are one."""
    if " " not in value:
        return value
    parts = _PARTS.split(value)
    place = 0
    while place < len(parts):
        for words in range(_LONGEST_NAME, 1, -1):
            called = "".join(parts[place : place + 2 * words - 1]).strip(".")
            if len(parts) - place >= 2 * words - 1 and (found := known.erasure(NAME, "", called)):
                parts[place : place + 2 * words - 1] = [known.shown(found, called)]
                break
        place += 2
    return "".join(parts)
