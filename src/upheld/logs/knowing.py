"""What the history knows of whoever signs in, and of the device: how account and device stood at the instant of the event, not now."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from upheld.evidence.frame import ChangeFile
from upheld.evidence.history import rows_at
from upheld.evidence.masking import opened_rows
from upheld.logs import telling

FIELD, DEVICE_FIELD = "account_state", "device_state"
_MOST = 200
# By table: what its rows are called by.
_CALLED: Mapping[str, tuple[str, ...]] = {
    "people": ("id", "mail"),
    "accounts": ("identifier", "user_name"),
    "devices": ("id", "name"),
    "enrolled_devices": ("id",),
}


class Accounts:
    """The accounts of one system, and the devices of all, through time, by the sources that read them."""

    def __init__(self, system_id: str, history: Sequence[ChangeFile]) -> None:
        """Find out which sources read accounts; rows are loaded as events ask for them."""
        self._system = system_id
        self._sources = _by_source([file for file in history if file.table == "accounts"])
        self._devices = _by_source([file for file in history if file.table == "devices"])
        self._enrolled = _by_source([file for file in history if file.table == "enrolled_devices"])
        self._moments = sorted({file.seen_at for its in self._sources.values() for file in its})
        self._names: dict[datetime, frozenset[str]] = {}
        self._people = _by_source([file for file in history if file.table == "people"])
        self._loaded: dict[tuple[str, str, datetime], Mapping[str, Mapping[str, Any]]] = {}

    def state(self, name: str, at: datetime) -> str:
        """Return `disabled`, `expired`, `left` (its person has), `known`; `deleted` for a name that an account had only before `at`.

        `unknown` is a name that no account had until `at`: it was never issued, as far as this is known.

        "" where no account of the system was known at all by then: nothing can be said.
        """
        found = [rows for source, its in self._sources.items() if (rows := self._at(source, "accounts", its, at))]
        if not found:
            return ""
        account = next((rows[name.casefold()] for rows in found if name.casefold() in rows), None)
        if account is None:
            return "deleted" if name.casefold() in self._ever(at) else "unknown"
        if account["enabled"] is False:
            return "disabled"
        if account["expires_at"] is not None and account["expires_at"] <= at:
            return "expired"
        return "left" if self._left(account["person_ref"], at) else "known"

    def told(self, fields: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
        """Return `fields` with the state of the account that they name, where something is known of it."""
        name = telling.told(fields, telling.WHO) if self._sources else ""
        device = telling.told(fields, telling.DEVICE) if self._devices or self._enrolled else ""
        found = {FIELD: self.state(name, at) if name else "", DEVICE_FIELD: self.device(device, at) if device else ""}
        found = {field: state for field, state in found.items() if state}
        return {**fields, **found} if found else fields

    def device(self, name: str, at: datetime) -> str:
        """Return `enrolled`, `lost` (or wiped), `retired` or `unknown` for a device called `name`; "" where none was known by `at`."""
        listed = [rows for source, its in self._devices.items() if (rows := self._at(source, "devices", its, at))]
        enrolled = [rows for source, its in self._enrolled.items() if (rows := self._at(source, "enrolled_devices", its, at))]
        if not listed and not enrolled:
            return ""
        known = next((rows[name.casefold()] for rows in listed if name.casefold() in rows), None)
        number = str(known["id"]).casefold() if known else name.casefold()
        row = next((rows[number] for rows in enrolled if number in rows), None)
        if row is None:
            return "unknown" if known is None else "retired" if known["in_use"] is False else "enrolled"
        if any(row[each] is not None and row[each] <= at for each in ("lost_at", "wiped_at")):
            return "lost"
        if row["retired_at"] is not None and row["retired_at"] <= at:
            return "retired"
        return "unknown" if row["enrolled_at"] is not None and row["enrolled_at"] > at else "enrolled"

    def _ever(self, at: datetime) -> frozenset[str]:
        """Every name that an account of the system was ever seen to have until `at`, as far as sources read it by then."""
        key = max((each for each in self._moments if each <= at), default=None)
        if key is None:
            return frozenset()
        if key not in self._names:
            its = [file for files_ in self._sources.values() for file in files_ if (file.first_seen_at or file.seen_at) <= key]
            rows = (row for row in opened_rows(its) if row["system_id"] == self._system) if its else ()
            self._names[key] = frozenset(str(row[each]).casefold() for row in rows for each in ("identifier", "user_name") if row[each])
        return self._names[key]

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
            own = (row for row in rows if name != "accounts" or row["system_id"] == self._system)
            self._loaded[key] = {str(row[each]).casefold(): row for row in own for each in _CALLED[name] if row[each]}
        return self._loaded[key]


def _by_source(found: Sequence[ChangeFile]) -> dict[str, list[ChangeFile]]:
    by_source: dict[str, list[ChangeFile]] = {}
    for file in found:
        by_source.setdefault(file.source, []).append(file)
    return by_source
