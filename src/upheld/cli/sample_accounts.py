"""Accounts of the sample company, so that one can look at the pages as somebody: one a role, without passwords."""

from upheld import clock
from upheld.accounts import giving
from upheld.accounts.giving import AccountError
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.evidence.history import rows_at
from upheld.evidence.table import Row
from upheld.ledger.entry import Actor
from upheld.sources.frames import files
from upheld.sources.staff import tie

BY = Actor("system", "demo", "cli")
AUDITOR = "auditor@audits.example"
# What each is, and the sort of person it takes. All sign in on this machine only, while nobody has a real account.
CAST: tuple[tuple[Role, str, tuple[str, str] | None], ...] = (
    (Role.ADMINISTRATOR, "administrator", None),
    (Role.SECURITY_LEAD, "security lead", None),
    (Role.DPO, "data protection officer", None),
    (Role.MANAGER, "manager", None),
    (Role.OWNER, "owner of IT operations", ("owner", "it-operations")),
    (Role.EMPLOYEE, "employee", None),
)


def make_sample_accounts() -> None:
    """Make one account a role for people of the sample company, and one for an auditor from outside. Safe to call again."""
    if Account.objects.exists():
        return
    people = list(rows_at(files(table_name="people", source="sample"), "people", clock.now()))
    for (role, words, over), person in zip(CAST, _chosen(people), strict=False):
        _make(str(person["mail"]), f"{person['name']}, {words}", role, over, str(person["id"]))
    _make(AUDITOR, "An auditor from outside", Role.AUDITOR, None, "")
    tie(by=BY)


def _make(mail: str, name: str, role: Role, over: tuple[str, str] | None, person: str) -> None:
    try:
        account = giving.make(mail, name=name, person=person, by=BY, sample=True)
    except AccountError:  # two of the cast are one person in a small company
        return
    giving.give(account, role, by=BY, over=over)


def _chosen(people: list[Row]) -> list[Row]:
    """Return somebody for each of the cast; the manager is the one to whom most report."""
    here = sorted(
        (row for row in people if row["ended_on"] is None and row["kind"] == "employee" and row["mail"]), key=lambda row: str(row["id"])
    )
    reports = [row["manager_id"] for row in people]
    by_reports = sorted(here, key=lambda row: (-reports.count(row["id"]), str(row["id"])))
    manager = by_reports[:1]
    others = [row for row in here if row not in manager]
    return others[:3] + manager + others[3:5]
