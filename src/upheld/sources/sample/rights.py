"""Who may do what at the sample company: groups, grants, and the registers that explain them."""

from collections.abc import Iterator, Sequence

from upheld.evidence.table import Row
from upheld.sources.sample.accounts import SERVICES, Account
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.roles import EVERYBODY, GROUPS, GROUPS_BY_NAME, REQUESTED, ROLES, effective
from upheld.sources.sample.staff import HEADS, Staff
from upheld.sources.sample.systems import SYSTEMS

REQUESTED_DAYS = 301
ADMINISTRATORS = (9, 10, 11, 12)
# Pairs that nobody may hold together, and why.
CONFLICTS = (
    ("enter-and-pay", "erp", "erp_invoices", "erp", "erp_payments", "One person could invent an invoice and pay it."),
    ("order-and-pay", "erp", "erp_orders", "erp", "erp_payments", "One person could order from a friend and pay for it."),
    ("write-and-release", "git", "git_write", "ci", "ci_deploy", "One person could change the product and release it unseen."),
    ("people-and-pay", "hr", "hr_all", "erp", "erp_payments", "One person could invent an employee and pay the salary."),
    ("administer-and-pay", "directory", "directory_admins", "erp", "erp_payments", "One person could become anybody and pay."),
)


def group_rows(staff: Staff) -> Iterator[Row]:
    """Yield `groups`."""
    for group in GROUPS:
        yield {
            "id": group_id(group.system, group.name),
            "system_id": group.system,
            "name": group.name,
            "entitlement": group.name,
            "privileged": group.privileged,
            "owner_ref": staff.number(9).id,
        }


def group_id(system: str, name: str) -> str:
    """Return the identifier of a group."""
    return f"{system}-group-{name}"


def grant_rows(calendar: Calendar, accounts: Sequence[Account]) -> Iterator[Row]:
    """Yield `grants`: what groups hold, and what accounts hold by role or because it was asked for."""
    for group in GROUPS:
        for held in group.holds:
            yield _grant(calendar, group.system, "group", group_id(group.system, group.name), held)
    for account in accounts:
        for held in account.holds:
            yield _grant(calendar, account.system, "account", account.id, held)


def _grant(calendar: Calendar, system: str, holder_kind: str, holder: str, entitlement: str) -> Row:
    group = GROUPS_BY_NAME.get((system, entitlement))
    return {
        "id": f"{holder}/{entitlement}",
        "system_id": system,
        "holder_kind": holder_kind,
        "holder_id": holder,
        "entitlement": entitlement,
        "group_id": group_id(system, entitlement) if group else None,
        "privileged": bool(group and group.privileged),
        "can_grant": bool(group and group.privileged),
        "granted_at": None,  # as most directories: they say who has what, and not since when
        "granted_by": "adm",
    }


def grantor_rows(accounts: Sequence[Account]) -> Iterator[Row]:
    """Yield `grantors`: whoever holds a system's privileged group."""
    for account in accounts:
        if account.privileged and account.kind != "system":
            yield {
                "id": f"{account.id}/admin",
                "system_id": account.system,
                "account_id": account.id,
                "way": "member of the administrators' group",
            }


def approved_grantor_rows(staff: Staff) -> Iterator[Row]:
    """Yield `approved_grantors`: the administrators everywhere, and who keeps the break-glass account."""
    for number in (*ADMINISTRATORS, 5):
        yield {
            "person_id": staff.number(number).id,
            "system_id": "*" if number in ADMINISTRATORS else "directory",
            "approved_by": staff.number(1).id,
        }


def role_entitlement_rows(staff: Staff) -> Iterator[Row]:
    """Yield `role_entitlements`, with what nesting gives, so that an effective right is explained as well."""
    for role, given, owner in [("*", EVERYBODY, 1)] + [(role.name, role.gives, HEADS[role.department]) for role in ROLES]:
        entitlements = {
            (system, held) for system, _, name in (entitlement.partition(":") for entitlement in given) for held in effective(system, name)
        }
        for system, held in sorted(entitlements):
            yield {"role": role, "system_id": system, "entitlement": held, "owner_id": staff.number(owner).id}


def granted_request_rows(staff: Staff, calendar: Calendar) -> Iterator[Row]:
    """Yield `granted_requests`: what people asked for, and what the services that they answer for were given."""
    services = [(owner, system, held, -1000) for system, _, owner, holds in SERVICES for held in holds]
    for place, (number, system, entitlement, days) in enumerate([*REQUESTED, *services], start=1):
        person = staff.number(number)
        for held in effective(system, entitlement):
            yield {
                "id": f"R-{place:03}/{held}",
                "person_id": person.id,
                "system_id": system,
                "entitlement": held,
                "requested_by": person.id,
                "approved_by": person.manager_id,
                "approved_at": calendar.ago(REQUESTED_DAYS),
                "until_on": calendar.day(-days) if days > 0 else None,
            }


def conflict_rule_rows() -> Iterator[Row]:
    """Yield `conflict_rules`."""
    for name, left_system, left, right_system, right, why in CONFLICTS:
        yield {
            "id": name,
            "why": why,
            "left_system_id": left_system,
            "left_entitlement": left,
            "right_system_id": right_system,
            "right_entitlement": right,
        }


def password_rule_rows() -> Iterator[Row]:
    """Yield `password_rules`: the same strict ones everywhere."""
    for system in SYSTEMS:
        yield {
            "id": f"{system.id}-rules",
            "system_id": system.id,
            "name": "default",
            "minimum_length": 14,
            "history": 24,
            "quality_checked": True,
            "locks_after": 5,
            "scheme": system.stores or "argon2",
        }
