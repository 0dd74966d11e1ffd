"""Accounts of the sample company, so that one can look at the pages as somebody: one a role, without passwords."""

from upheld import clock
from upheld.accounts import giving
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.evidence.history import rows_at
from upheld.ledger.entry import Actor
from upheld.registers.sampling import DIRECTOR, DPO, ENGINEER, LEAD, OPERATOR, SECOND_OPERATOR
from upheld.sources.frames import files
from upheld.sources.staff import tie

BY = Actor("system", "demo", "cli")
AUDITOR = "auditor@audits.example"
# Two customers, so that one can see what each of them is shown, and what of the other.
CUSTOMERS = (
    ("shipyard", "purchasing@shipyard.example", "Renske Vandermolen, of the customer Nordhaven Shipyard"),
    ("museum", "office@museum.example", "Ilir Castagno, of the customer Museum of Lisbrook"),
)
# What each is, and who: posts that every sample company has filled. All sign in on this machine only, while nobody has a real account.
CAST: tuple[tuple[Role, str, tuple[str, str] | None, str], ...] = (
    (Role.ADMINISTRATOR, "administrator", None, SECOND_OPERATOR),
    (Role.SECURITY_LEAD, "security lead", None, LEAD),
    (Role.DPO, "data protection officer", None, DPO),
    (Role.MANAGER, "manager", None, DIRECTOR),
    (Role.OWNER, "owner of IT operations", ("owner", "it-operations"), OPERATOR),
    (Role.EMPLOYEE, "employee", None, ENGINEER),
)


def make_sample_accounts() -> None:
    """Make one account a role for people of the sample company, for an auditor, and for customers. Safe to call again."""
    if Account.objects.exists():
        return
    people = {str(row["id"]): row for row in rows_at(files(table_name="people", source="sample"), "people", clock.now())}
    for role, words, over, person in CAST:
        if somebody := people.get(person):
            _make(str(somebody["mail"]), f"{somebody['name']}, {words}", role, over, person)
    _make(AUDITOR, "An auditor from outside", Role.AUDITOR, None, "")
    for customer, mail, name in CUSTOMERS:
        _make(mail, name, Role.CUSTOMER, ("customer", customer), "")
    tie(by=BY)


def _make(mail: str, name: str, role: Role, over: tuple[str, str] | None, person: str) -> None:
    account = giving.make(mail, name=name, person=person, by=BY, sample=True)
    giving.give(account, role, by=BY, over=over)
