"""Accounts of the sample company: of people, of administrators beside their own, of services, and of the machines themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from upheld.evidence.table import Row
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.dice import Dice
from upheld.sources.sample.roles import BY_NAME, EVERYBODY, GROUPS_BY_NAME, REQUESTED
from upheld.sources.sample.staff import Person, Staff
from upheld.sources.sample.systems import SYSTEMS_BY_ID


@dataclass(frozen=True)
class Account:
    """One account. `holds` are the entitlements given to it directly; `person` is whose it is, `owner` who answers for it."""

    id: str
    system: str
    user_name: str
    kind: str
    enabled: bool
    created_at: datetime
    holds: tuple[str, ...] = ()
    person: Person | None = None
    owner: Person | None = None
    number: int | None = None

    @property
    def privileged(self) -> bool:
        """Whether the system itself calls it an administrator."""
        return self.user_name == "root" or any(GROUPS_BY_NAME[self.system, held].privileged for held in self.holds)


# Who works for whom while nobody watches: system, account, number of the person who answers for it, what it holds.
SERVICES: Sequence[tuple[str, str, int, tuple[str, ...]]] = (
    ("directory", "svc-lookup", 9, ()),
    ("directory", "break-glass", 5, ("directory_admins",)),
    ("crm", "svc-crm-export", 6, ("crm_read",)),
    ("erp", "svc-orders", 13, ("erp_orders",)),
    ("mail", "svc-newsletter", 8, ("mailbox",)),
    ("git", "svc-mirror", 4, ("git_read",)),
    ("ci", "svc-runner", 4, ("ci_run",)),
    ("website", "svc-render", 8, ("web_edit",)),
    ("monitoring", "svc-probe", 10, ("monitor_view",)),
)
MACHINE = (("root", 0), ("daemon", 1), ("sshd", 105))


def accounts(staff: Staff, calendar: Calendar) -> list[Account]:
    """Return every account on the twelve systems."""
    found = [account for person in staff.people if person.started_on <= staff.today for account in _of(person, staff, calendar)]
    found += [
        Account(
            f"{system}-{name}", system, name, "break_glass" if name == "break-glass" else "service", True, calendar.ago(900),
            holds, owner=staff.number(owner),
        )
        for system, name, owner, holds in SERVICES
    ]  # fmt: skip
    for system in SYSTEMS_BY_ID.values():
        if system.kind == "host":
            found += [
                Account(f"{system.id}-{name}", system.id, name, "system", True, calendar.ago(1200), number=uid) for name, uid in MACHINE
            ]
    return found


def _of(person: Person, staff: Staff, calendar: Calendar) -> Iterator[Account]:
    """Yield the accounts of `person`: one on each system the role reaches, and a second one where it is privileged there."""
    here = staff.here(person)
    created_at = min(datetime.combine(person.started_on, time(7, 30), UTC), calendar.seen_at)
    by_system: dict[tuple[str, bool], list[str]] = {}
    asked = [f"{system}:{held}" for number, system, held, _ in REQUESTED if number == person.number]
    for given in (*EVERYBODY, *BY_NAME[person.role].gives, *asked):
        system, _, name = given.partition(":")
        by_system.setdefault((system, GROUPS_BY_NAME[system, name].privileged), []).append(name)
    for (system, privileged), held in by_system.items():
        yield Account(
            id=f"{system}-{person.id}{'-adm' if privileged else ''}",
            system=system,
            user_name=f"adm.{person.user_name}" if privileged else person.user_name,
            kind="admin" if privileged else "person",
            enabled=here,
            created_at=created_at,
            holds=tuple(held) if here else (),
            person=person,
        )


def account_rows(dice: Dice, calendar: Calendar, all_of_them: Sequence[Account]) -> Iterator[Row]:
    """Yield `accounts`."""
    for account in all_of_them:
        system = SYSTEMS_BY_ID[account.system]
        mfa = system.mfa and account.kind != "system"
        login_at = last_login(dice, calendar, account)
        machine = account.kind == "system"
        yield {
            "id": account.id,
            "system_id": account.system,
            "user_name": account.user_name,
            "identifier": account.user_name.casefold(),
            "uid_number": account.number,
            "kind": account.kind,
            "person_ref": account.person.id if account.person else None,
            "owner_ref": account.owner.id if account.owner else None,
            "display_name": account.person.name if account.person else account.user_name,
            "mail": account.person.mail if account.person else None,
            "enabled": account.enabled,
            "locked": False,
            "can_sign_in": account.enabled and not machine,
            "privileged": account.privileged,
            "created_at": account.created_at,
            "changed_at": _left_at(account) or account.created_at,
            "last_login_at": login_at,
            "password_changed_at": None if machine else _password_at(dice, calendar, account),
            "password_must_change": False,
            "password_scheme": "locked" if machine else system.stores,
            "password_rule_id": None if machine else f"{account.system}-rules",
            "has_mfa": mfa,
            "used_mfa_at": login_at if mfa else None,
        }


def last_login(dice: Dice, calendar: Calendar, account: Account) -> datetime | None:
    """Return the last sign-in: most people come daily, some weekly; who left came last on the last day."""
    if account.kind == "system":
        return None
    latest = calendar.latest(*habit(dice, account))
    left_at = _left_at(account)
    return left_at if left_at and left_at < latest else max(latest, account.created_at)


def habit(dice: Dice, account: Account) -> tuple[float, float]:
    """Return how many days ago the account was used last when first seen, and every how many days it is."""
    every = dice.pick(f"comes/{account.id}", (1, 1, 1, 2, 7))
    return min(every - 1, 5) + dice.number(f"hours/{account.id}", 1, 23) / 24, every


def _password_at(dice: Dice, calendar: Calendar, account: Account) -> datetime:
    """Return when the password was last changed: on the first day, and every 80 days at the latest."""
    first = account.created_at + timedelta(hours=dice.number(f"first/{account.id}", 1, 6))
    latest = calendar.latest(dice.number(f"password/{account.id}", 2, 70), 80)
    left_at = _left_at(account)
    return max(first, min(latest, left_at) if left_at else latest)


def _left_at(account: Account) -> datetime | None:
    """Return when the account was closed, at the end of its person's last day; None while it is open."""
    if account.enabled or account.person is None or account.person.ended_on is None:
        return None
    return datetime.combine(account.person.ended_on, time(17), UTC)
