"""Password policies to rows: pwdPolicy entries of OpenLDAP; the domain and its fine-grained settings of Active Directory."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from upheld.sources.ldap.client import Attributes, Entry
from upheld.sources.ldap.members import Row
from upheld.sources.ldap.values import folded, integer, windows_span

POLICY_ATTRIBUTES = (
    "objectClass", "cn", "pwdMinLength", "pwdInHistory", "pwdCheckQuality", "pwdLockout", "pwdMaxFailure", "pwdLockoutDuration",
    "pwdMaxAge",
)  # fmt: skip
DOMAIN_ATTRIBUTES = (
    "objectClass", "objectSid", "minPwdLength", "pwdHistoryLength", "pwdProperties", "lockoutThreshold", "lockoutDuration", "maxPwdAge",
    "msDS-LogonTimeSyncInterval",
)  # fmt: skip
SETTINGS_ATTRIBUTES = (
    "objectClass", "cn", "msDS-MinimumPasswordLength", "msDS-PasswordHistoryLength", "msDS-PasswordComplexityEnabled",
    "msDS-LockoutThreshold",
    "msDS-LockoutDuration", "msDS-MaximumPasswordAge", "msDS-PasswordReversibleEncryptionEnabled",
)  # fmt: skip
COMPLEX, CLEARTEXT = 1, 16  # pwdProperties (MS-SAMR 2.2.1.14)


def no_rules(system: str) -> Row:
    """Return the row that stands for a system, or an account, on which no password rule is in force."""
    return {
        "id": f"{system}#none",
        "system_id": system,
        "name": "no password rules",
        "minimum_length": 0,
        "history": 0,
        "quality_checked": False,
        "locks_after": 0,
    }


def policy_rows(entries: Iterable[Entry], system: str, scheme: str | None) -> Iterator[Row]:
    """Yield a row for each pwdPolicy entry; what it leaves out is 0 (draft-behera-ldap-password-policy 5.2)."""
    for entry in entries:
        said = entry.attributes
        locks = said.get("pwdlockout", (b"FALSE",))[0].upper() == b"TRUE"
        yield {
            "id": folded(entry.dn),
            "system_id": system,
            "name": entry.text("cn"),
            "minimum_length": _number(said, "pwdminlength"),
            "history": _number(said, "pwdinhistory"),
            "quality_checked": _number(said, "pwdcheckquality") > 0,
            "locks_after": _number(said, "pwdmaxfailure") if locks else 0,
            "locked_for": _seconds(said, "pwdlockoutduration"),
            "maximum_age": _seconds(said, "pwdmaxage"),
            "scheme": scheme,
        }


def domain_row(entry: Entry, system: str) -> Row:
    """Return the row of a domain's own rules; raises nothing: what is not shown stays unknown."""
    said = entry.attributes
    properties = _integer(said, "pwdproperties")
    return {
        "id": folded(entry.dn),
        "system_id": system,
        "name": "domain policy",
        "minimum_length": _integer(said, "minpwdlength"),
        "history": _integer(said, "pwdhistorylength"),
        "quality_checked": None if properties is None else bool(properties & COMPLEX),
        "locks_after": _integer(said, "lockoutthreshold"),
        "locked_for": windows_span(_first(said, "lockoutduration")),
        "maximum_age": windows_span(_first(said, "maxpwdage")),
        "scheme": None if properties is None else "cleartext" if properties & CLEARTEXT else "nt-hash",
    }


def settings_rows(entries: Iterable[Entry], system: str) -> Iterator[Row]:
    """Yield a row for each msDS-PasswordSettings entry (fine-grained password policy)."""
    for entry in entries:
        said = entry.attributes
        yield {
            "id": folded(entry.dn),
            "system_id": system,
            "name": entry.text("cn"),
            "minimum_length": _integer(said, "msds-minimumpasswordlength"),
            "history": _integer(said, "msds-passwordhistorylength"),
            "quality_checked": _true(said, "msds-passwordcomplexityenabled"),
            "locks_after": _integer(said, "msds-lockoutthreshold"),
            "locked_for": windows_span(_first(said, "msds-lockoutduration")),
            "maximum_age": windows_span(_first(said, "msds-maximumpasswordage")),
            "scheme": "cleartext" if _true(said, "msds-passwordreversibleencryptionenabled") else "nt-hash",
        }


def _first(said: Attributes, name: str) -> bytes | None:
    values = said.get(name)
    return values[0] if values else None


def _integer(said: Attributes, name: str) -> int | None:
    return integer(_first(said, name))


def _number(said: Attributes, name: str) -> int:
    return _integer(said, name) or 0


def _seconds(said: Attributes, name: str) -> timedelta | None:
    seconds = _number(said, name)
    return timedelta(seconds=seconds) if seconds else None


def _true(said: Attributes, name: str) -> bool | None:
    value = _first(said, name)
    return None if value is None else value.upper() == b"TRUE"
