"""Devices that people of the sample company carry, and the sign-ins that its systems report."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from upheld.evidence.table import Row
from upheld.sources.sample.accounts import Account, habit
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.dice import Dice
from upheld.sources.sample.staff import Person, Staff
from upheld.sources.sample.systems import SYSTEMS_BY_ID

SYSTEMS_OF = ("Windows 11 24H2", "macOS 15.6", "Debian GNU/Linux 12")


def device_rows(dice: Dice, calendar: Calendar, staff: Staff) -> Iterator[Row]:
    """Yield `devices`: a laptop for everyone who is here, a phone for every fourth, and what leavers returned, in stock."""
    for person in staff.people:
        if person.started_on > staff.today:
            continue
        here = staff.here(person)
        yield _laptop(dice, calendar, person, here)
        if person.number % 4 == 0 and here:
            yield _phone(dice, calendar, person)


def _laptop(dice: Dice, calendar: Calendar, person: Person, here: bool) -> Row:
    return {
        "id": laptop_id(person.number),
        "name": f"laptop-{person.number:04}",
        "kind": "laptop",
        "owner_id": person.id if here else None,
        "operating_system": dice.pick(f"os/{person.number}", SYSTEMS_OF),
        "in_use": here,
        "encrypted": True,
        "malware_agent": "ClamAV",
        "malware_agent_running": here,
        "signatures_at": calendar.latest(dice.number(f"signatures/{person.number}", 1, 20) / 24, 1),
        "last_scan_at": calendar.latest(dice.number(f"scan/{person.number}", 0, 5), 6),
        "locks_after": timedelta(minutes=dice.pick(f"lock/{person.number}", (5, 10))),
        "lock_enforced": True,
        "passcode": True,
        "mobile": True,
        "last_seen_at": calendar.latest(dice.number(f"seen/{person.number}", 1, 9) / 24, 0.5),
    }


def _phone(dice: Dice, calendar: Calendar, person: Person) -> Row:
    return {
        "id": f"PH-{person.number:04}",
        "name": f"phone-{person.number:04}",
        "kind": "phone",
        "owner_id": person.id,
        "operating_system": "Android 16",
        "in_use": True,
        "encrypted": True,
        "malware_agent": "Play Protect",
        "malware_agent_running": True,
        "signatures_at": calendar.latest(0.4, 1),
        "locks_after": timedelta(minutes=2),
        "lock_enforced": True,
        "passcode": True,
        "mobile": True,
        "last_seen_at": calendar.latest(dice.number(f"seen/{person.number}", 1, 9) / 24, 0.5),
    }


def laptop_id(number: int) -> str:
    """Return the serial number of the laptop of the person with that number."""
    return f"LT-{number:04}"


def sign_in_rows(dice: Dice, calendar: Calendar, accounts: Sequence[Account]) -> Iterator[Row]:
    """Yield `sign_ins` of the VPN gateway, the one system that reports them, with some mistyped passwords before."""
    for account in accounts:
        if account.system != "vpn" or not account.enabled:
            continue
        for number, at in calendar.series(*habit(dice, account), before=3):
            if at < account.created_at:
                continue
            if dice.number(f"typo/{account.id}/{number}", 1, 12) == 1:
                yield _sign_in(dice, account, at - timedelta(seconds=20), succeeded=False)
            yield _sign_in(dice, account, at, succeeded=True)


def _sign_in(dice: Dice, account: Account, at: datetime, *, succeeded: bool) -> Row:
    return {
        "id": dice.token(f"sign-in/{account.id}/{at}", 24),
        "system_id": account.system,
        "identifier": account.user_name.casefold(),
        "at": at,
        "succeeded": succeeded,
        "used_mfa": succeeded and SYSTEMS_BY_ID[account.system].mfa,
        "from_address": f"192.0.2.{dice.number(f'address/{account.id}', 1, 254)}",
    }


def api_token_rows(calendar: Calendar, accounts: Sequence[Account]) -> Iterator[Row]:
    """Yield `api_tokens`: one for each service account, and for each person who builds; a leaver's are switched off."""
    for account in accounts:
        if account.kind == "service" or (account.system == "ci" and account.kind == "person"):
            yield {
                "id": f"{account.id}/token",
                "system_id": account.system,
                "account_id": account.id,
                "active": account.enabled,
                "created_at": account.created_at,
                "last_used_at": calendar.latest(1, 3) if account.enabled else account.created_at,
                "expires_at": None if account.enabled else account.created_at,
            }
