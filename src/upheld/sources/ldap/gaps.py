"""Which columns of OpenLDAP's accounts are unknown, and why, in words."""

from dataclasses import dataclass

from upheld.evidence.collection import Collecting
from upheld.sources.ldap.sight import Sight

# Columns of accounts and the attribute that tells each.
TELLS = {
    "person_ref": "employeeNumber",
    "mail": "mail",
    "uid_number": "uidNumber",
    "enabled": "pwdAccountLockedTime",
    "locked": "pwdAccountLockedTime",
    "created_at": "createTimestamp",
    "changed_at": "modifyTimestamp",
    "last_login_at": "pwdLastSuccess",
    "password_changed_at": "pwdChangedTime",
    "password_must_change": "pwdReset",
    "password_rule_id": "pwdPolicySubentry",
    "password_scheme": "userPassword",
}
NEEDS_POLICIES = ("password_changed_at", "password_must_change")


@dataclass(frozen=True)
class Facts:
    """What else decides: whether cn=config was readable, and what the server is set to keep."""

    configured: bool
    has_policies: bool
    records_sign_ins: bool
    has_mfa: bool


def say(into: Collecting, seen: Sight, facts: Facts) -> None:
    """Tell `into` each column that was denied or that the server does not have."""
    for column, attribute in TELLS.items():
        if attribute.lower() in seen.denied | seen.hidden:
            into.denied("accounts", column, f"the bind account may not read {attribute}")
    if "userpassword" in seen.denied:
        into.denied("accounts", "can_sign_in", "the bind account may not search userPassword, so who has a password is not always known")
    _unsupported(into, seen, facts)
    if not facts.configured:
        into.denied("accounts", "privileged", "cn=config is not readable, so which account is rootdn is unknown")
        into.denied("accounts", "password_rule_id", "cn=config is not readable: set default_policy to the policy that holds by default")
        into.denied("password_rules", "scheme", "cn=config is not readable, so how new passwords are stored is unknown")
        into.denied("logon_settings", "allows_remote_superuser", "cn=config is not readable, so whether rootdn has a password is unknown")
        into.denied("logon_settings", "idle_timeout", "cn=config is not readable")
    for column in ("granted_at", "granted_by", "last_used_at"):
        into.unsupported("grants", column, "an LDAP directory does not record it")


def _unsupported(into: Collecting, seen: Sight, facts: Facts) -> None:
    for column in NEEDS_POLICIES:
        if not seen.knows(TELLS[column]) or (facts.configured and not facts.has_policies):
            into.unsupported("accounts", column, "the server does not keep it: load and configure the overlay ppolicy")
    if not facts.records_sign_ins:
        into.unsupported("accounts", "last_login_at", "the server does not record sign-ins: set lastbind on (olcLastBind: TRUE)")
    if not facts.has_mfa:
        into.unsupported("accounts", "has_mfa", "no attribute shows a second factor: set mfa_attribute to the one that does")
    into.unsupported("accounts", "used_mfa_at", "an LDAP directory does not record it")
