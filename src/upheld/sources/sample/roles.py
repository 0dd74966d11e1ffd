"""Business roles of the sample company, its twelve systems, and what each role gives on each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A business role; `share` is how many of a hundred people have it (0: only people cast for it), `gives` "system:entitlement"."""

    name: str
    department: str
    share: int
    gives: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """A group or role of a system. Its members also hold what `holds` names on the same system: groups or bare rights."""

    system: str
    name: str
    holds: tuple[str, ...] = ()
    privileged: bool = False


EVERYBODY: Sequence[str] = ("directory:staff", "mail:mailbox")

ROLES: Sequence[Role] = (
    Role("Managing director", "Management", 0, ("directory:management", "erp:erp_view", "files:share_finance", "vpn:vpn_users")),
    Role("Head of finance", "Finance", 0, ("directory:finance", "erp:erp_payments", "files:share_finance", "vpn:vpn_users")),
    Role("Head of people", "People", 0, ("directory:people", "hr:hr_all", "files:share_people", "vpn:vpn_users")),
    Role("Head of technology", "Technology", 0, ("directory:engineering", "git:git_maintain", "ci:ci_run", "vpn:vpn_users")),
    Role("Security officer", "Management", 0, ("directory:management", "monitoring:monitor_view", "git:git_read", "vpn:vpn_users")),
    Role(
        "System administrator", "Technology", 0,
        ("directory:engineering", "git:git_read", "monitoring:monitor_view", "files:share_all", "vpn:vpn_users",
         "directory:directory_admins", "crm:crm_admin", "erp:erp_admin", "mail:mail_admin", "files:files_admins",
         "backup:backup_operators", "vpn:vpn_admins", "monitoring:monitor_admins"),
    ),
    Role("Account manager", "Sales", 22, ("directory:sales", "crm:crm_write", "vpn:vpn_users")),
    Role("Support agent", "Support", 18, ("directory:support", "crm:crm_write")),
    Role("Software engineer", "Technology", 18, ("directory:engineering", "git:git_write", "ci:ci_run", "vpn:vpn_users")),
    Role("Release engineer", "Technology", 5, ("directory:on_call", "git:git_read", "ci:ci_deploy", "vpn:vpn_users")),
    Role("Accountant", "Finance", 8, ("directory:finance", "erp:erp_invoices", "files:share_finance")),
    Role("People partner", "People", 5, ("directory:people", "hr:hr_all", "files:share_people")),
    Role("Buyer", "Operations", 7, ("directory:operations", "erp:erp_orders")),
    Role("Editor", "Marketing", 8, ("directory:marketing", "website:web_edit")),
    Role("Product manager", "Technology", 9, ("directory:engineering", "git:git_read", "crm:crm_read", "vpn:vpn_users")),
)  # fmt: skip

GROUPS: Sequence[Group] = (
    Group("directory", "staff", ("wiki:read",)),
    *(Group("directory", name, ("staff",)) for name in ("management", "finance", "people", "engineering", "sales", "support")),
    *(Group("directory", name, ("staff",)) for name in ("operations", "marketing")),
    Group("directory", "on_call", ("engineering", "pager:answer")),
    Group("directory", "directory_admins", ("directory:write",), privileged=True),
    Group("crm", "crm_read", ("table:SELECT:public.customers", "table:SELECT:public.orders")),
    Group("crm", "crm_write", ("crm_read", "table:UPDATE:public.customers")),
    Group("crm", "crm_admin", (), privileged=True),
    Group("erp", "erp_view"),
    Group("erp", "erp_invoices", ("erp_view",)),
    Group("erp", "erp_payments", ("erp_view",)),
    Group("erp", "erp_orders", ("erp_view",)),
    Group("erp", "erp_admin", (), privileged=True),
    Group("mail", "mailbox"),
    Group("mail", "mail_admin", (), privileged=True),
    Group("ci", "ci_run"),
    Group("ci", "ci_deploy", ("ci_run",)),
    Group("git", "git_read"),
    Group("git", "git_write", ("git_read",)),
    Group("git", "git_maintain", ("git_write",)),
    Group("files", "share_all"),
    Group("files", "share_finance", ("share_all",)),
    Group("files", "share_people", ("share_all",)),
    Group("files", "files_admins", (), privileged=True),
    Group("backup", "backup_operators", (), privileged=True),
    Group("vpn", "vpn_users"),
    Group("vpn", "vpn_admins", (), privileged=True),
    Group("monitoring", "monitor_view"),
    Group("monitoring", "monitor_admins", ("monitor_view",), privileged=True),
    Group("hr", "hr_all"),
    Group("website", "web_edit"),
    Group("website", "web_publish", ("web_edit",)),
)

# Rights beyond the role that were asked for and approved: person's number, system, entitlement, for how many days still.
REQUESTED: Sequence[tuple[int, str, str, int]] = (
    (22, "monitoring", "monitor_view", 900),
    (28, "website", "web_edit", 730),
    (31, "crm", "crm_read", 760),
    (32, "ci", "ci_run", 725),
    (34, "files", "share_all", 820),
    (35, "erp", "erp_view", 790),
)

BY_NAME: Mapping[str, Role] = {role.name: role for role in ROLES}
GROUPS_BY_NAME: Mapping[tuple[str, str], Group] = {(group.system, group.name): group for group in GROUPS}


def effective(system: str, entitlement: str) -> list[str]:
    """Return `entitlement` and everything that holding it gives on `system`, in the order found."""
    group = GROUPS_BY_NAME.get((system, entitlement))
    found = [entitlement]
    for held in group.holds if group else ():
        found += [name for name in effective(system, held) if name not in found]
    return found
