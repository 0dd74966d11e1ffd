"""Who works in the company, what is planted in each of its systems, and which measure is to name it."""

from datetime import date, timedelta

from upheld import clock

SYSTEMS = ("domain", "directory", "saas", "database", "web1", "web2")
FINANCE, PAYMENTS, APPROVALS, ADMINS, STAFF = "finance", "payments", "approvals", "admins", "staff"
# Who has an account everywhere, by log-on name: their number in the HR list, "" where no system says whose it is.
NUMBERS = {
    "nora": "2001",  # as it should be
    "otto": "2002",  # an accountant, whose role gives finance
    "lena": "2003",  # left ten days ago
    "mona": "2004",  # was an accountant, and is an engineer
    "ghost": "",  # nobody's
    "dora": "2005",  # has not signed in for four months
    "sales": "",  # Sam and Sue have one address, and one account
    "prisca": "2008",  # administers with the account of her daily work
    "connie": "2009",  # pays, and approves what is paid
}
RUTH, REMY = "2010", "2011"  # had the name "rein", and has it now
SALES = "2501"  # the number that hosts know it by
SHARED_MAIL = "sales@example.org"
GROUPS = {
    STAFF: ("nora", "otto", "mona", "dora", "prisca", "connie"),
    FINANCE: ("otto", "mona", "lena"),
    PAYMENTS: ("connie",),
    APPROVALS: ("connie",),
    ADMINS: ("prisca",),
}
PASSWORD = "Correct-horse-7-battery"
MODEL = "".join(
    f"""
[roles."{role}".entitlements]
{chr(10).join(f'{system} = "{group}"' for system in SYSTEMS)}
"""
    for role, group in (("*", STAFF), ("accountant", FINANCE))
) + "".join(
    f"""
[[conflicts]]
id = "payments-{system}"
why = "one person could pay themself"
left = {{ system = "{system}", entitlement = "{PAYMENTS}" }}
right = {{ system = "{system}", entitlement = "{APPROVALS}" }}
"""
    for system in SYSTEMS
)


def people(role_of_mona: str) -> str:
    """Return the HR list, with Mona in the role `role_of_mona`."""
    today = clock.now().date()
    lines = ["id,name,mail,role,started_on,ended_on,confidentiality_signed_on"]
    roles = {"otto": "accountant", "mona": role_of_mona}
    for name, number in NUMBERS.items():
        if number:
            lines.append(_line(number, name, f"{name}@example.org", roles.get(name, "engineer"), today, left=name == "lena"))
    lines += [_line(number, name, SHARED_MAIL, "seller", today) for number, name in (("2006", "sam"), ("2007", "sue"))]
    lines += [_line(number, name, f"{name}@example.org", "engineer", today) for number, name in ((RUTH, "ruth"), (REMY, "remy"))]
    return "\n".join([*lines, _line("1", "admin", "admin@example.org", "administrator", today)]) + "\n"


def _line(number: str, name: str, mail: str, role: str, today: date, *, left: bool = False) -> str:
    began, ended = today - timedelta(days=400), today - timedelta(days=10) if left else ""
    return f"{number},{name.capitalize()},{mail},{role},{began},{ended},{began}"
