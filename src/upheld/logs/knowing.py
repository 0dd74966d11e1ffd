"""What the history of accounts knows of whoever signs in: how the account stood at the instant of the event, not now."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from upheld.evidence.frame import ChangeFile
from upheld.evidence.history import rows_at
from upheld.logs import telling

FIELD = "account_state"
_MOST = 200


class Accounts:
    """The accounts of one system, through time, by the sources that read them."""

    def __init__(self, system_id: str, history: Sequence[ChangeFile]) -> None:
        """Find out which sources read accounts; rows are loaded as events ask for them."""
        self._system = system_id
        self._sources = _by_source([file for file in history if file.table == "accounts"])
        self._people = _by_source([file for file in history if file.table == "people"])
        self._loaded: dict[tuple[str, str, datetime], Mapping[str, Mapping[str, Any]]] = {}

    def state(self, name: str, at: datetime) -> str:
        """Return `disabled`, `expired`, `left` (its person has), `known`, or `unknown` for a name that no account had at `at`.

        "" where no account of the system was known at all by then: nothing can be said.
        """
        found = [rows for source, its in self._sources.items() if (rows := self._at(source, "accounts", its, at))]
        if not found:
            return ""
        account = next((rows[name.casefold()] for rows in found if name.casefold() in rows), None)
        if account is None:
            return "unknown"
        if account["enabled"] is False:
            return "disabled"
        if account["expires_at"] is not None and account["expires_at"] <= at:
            return "expired"
        return "left" if self._left(account["person_ref"], at) else "known"

    def told(self, fields: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
        """Return `fields` with the state of the account that they name, where something is known of it."""
        name = telling.told(fields, telling.WHO)
        state = self.state(name, at) if name and self._sources else ""
        return {**fields, FIELD: state} if state else fields

    def _left(self, reference: str | None, at: datetime) -> bool:
        if reference is None:
            return False
        for source, its in self._people.items():
            person = self._at(source, "people", its, at).get(reference.casefold())
            if person is not None:
                return person["ended_on"] is not None and person["ended_on"] < at.date()
        return False

    def _at(self, source: str, name: str, its: Sequence[ChangeFile], at: datetime) -> Mapping[str, Mapping[str, Any]]:
        """The rows of table `name` as `source` had seen them last at `at`, by each name that somebody may be called by."""
        moments = sorted({file.seen_at for file in its})
        place = bisect_right(moments, at)
        merged = any(file.first_seen_at is not None and file.first_seen_at <= at < file.seen_at for file in its)
        if not place and not merged:
            return {}
        key = (source, name, at if merged else moments[place - 1])  # within what was merged any instant may be another
        if key not in self._loaded:
            if len(self._loaded) >= _MOST:
                self._loaded.clear()
            rows = rows_at(its, name, key[2])
            if name == "people":
                self._loaded[key] = {str(row[each]).casefold(): row for row in rows for each in ("id", "mail") if row[each]}
            else:
                own = [row for row in rows if row["system_id"] == self._system]
                self._loaded[key] = {str(row[each]).casefold(): row for row in own for each in ("identifier", "user_name") if row[each]}
        return self._loaded[key]


def _by_source(found: Sequence[ChangeFile]) -> dict[str, list[ChangeFile]]:
    by_source: dict[str, list[ChangeFile]] = {}
    for file in found:
        by_source.setdefault(file.source, []).append(file)
    return by_source
