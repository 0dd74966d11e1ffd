"""Sign-ins as Windows, AWS, Azure and PostgreSQL tell of them in JSON: the same fields as services have in syslog. Pure.

Fields: `user`, `from_address`, `outcome` (success, failure) and `reason` (unknown, credential, expired, disabled, not-allowed);
`program` where the account is a Windows computer's own.
"""

from collections.abc import Callable, Mapping
from typing import Any

from upheld.logs.formats import services

# Names under which Windows itself works; no directory has accounts of theirs.
_ITSELF = frozenset({"system", "anonymous logon", "local service", "network service", "iusr"})
_OF_ITSELF = frozenset({"nt authority", "nt service", "window manager", "font driver host", "iis apppool"})
# What Microsoft says of NTSTATUS in 4625 and 4776, and of Kerberos' results (RFC 4120, 7.5.9) in 4768 and 4771.
_NT = {
    **{0xC0000064: "unknown", 0xC000006A: "credential", 0xC000006D: "credential", 0xC0000072: "disabled", 0xC0000193: "expired"},
    **{0xC0000071: "expired", 0xC0000224: "expired", 0xC0000234: "not-allowed", 0xC000006E: "not-allowed", 0xC000006F: "not-allowed"},
    **{0xC0000070: "not-allowed", 0xC000015B: "not-allowed", 0xC0000413: "not-allowed"},
}
_KERBEROS = {0x6: "unknown", 0x12: "disabled", 0x17: "expired", 0x18: "credential", 0xC: "not-allowed"}
# Entra's results, https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
_ENTRA = {
    "50034": "unknown",
    "50126": "credential",
    "50055": "expired",
    "50057": "disabled",
    "50053": "not-allowed",
    "53003": "not-allowed",
}
LOCAL = "local account"
Told = dict[str, str]


def told(fields: Mapping[str, Any]) -> Told:
    """Return the fields of the sign-in that an event with `fields` tells of, where they are not there already; none where it is none."""
    for tell in (_windows, _cloudtrail, _entra, _postgresql):
        found = tell(fields)
        if found:
            return {name: value for name, value in found.items() if value and not fields.get(name)}
    return {}


def _windows(fields: Mapping[str, Any]) -> Told:
    tell = _BY_EVENT.get(str(fields.get("EventID")))
    if tell is None or "security" not in f"{fields.get('Channel')} {fields.get('Provider_Name')}".casefold():
        return {}
    name, domain = str(fields.get("TargetUserName") or ""), str(fields.get("TargetDomainName") or "").casefold()
    if not name or name.endswith("$") or name.casefold() in _ITSELF or domain in _OF_ITSELF:
        return {}
    code = tell(fields)
    if code is None:
        return {}
    address = str(fields.get("IpAddress") or "").removeprefix("::ffff:")
    user = name.partition("@")[0]  # a domain controller is asked for name@realm, and answers for its own realm alone
    # An account of the computer's own, which the directory need not know.
    local = domain != "" and domain == str(fields.get("Computer", fields.get("Hostname"))).partition(".")[0].casefold()
    where = {"from_address": "" if address == "-" else address, "program": LOCAL if local else ""}
    return {"user": user, **where, **_outcome(code)}


def _signed_in(fields: Mapping[str, Any]) -> str:
    return ""


def _refused(fields: Mapping[str, Any]) -> str:
    sub = _number(fields.get("SubStatus"))
    return _NT.get(sub or _number(fields.get("Status")) or 0, "credential")


def _by_kerberos(fields: Mapping[str, Any]) -> str | None:
    code = _number(fields.get("Status", fields.get("ResultCode")))
    return None if code is None else "" if code == 0 else _KERBEROS.get(code, "credential")


def _by_ntlm(fields: Mapping[str, Any]) -> str | None:
    code = _number(fields.get("Status"))
    return None if code is None else "" if code == 0 else _NT.get(code, "credential")


# By event: why it failed, "" where it did not, None where that cannot be told.
_BY_EVENT: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "4624": _signed_in,
    "4625": _refused,
    "4768": _by_kerberos,
    "4771": _by_kerberos,
    "4776": _by_ntlm,
}


def _cloudtrail(fields: Mapping[str, Any]) -> Told:
    if fields.get("eventName") != "ConsoleLogin" or fields.get("eventSource", "signin.amazonaws.com") != "signin.amazonaws.com":
        return {}
    said = fields.get("responseElements.ConsoleLogin")
    if said not in ("Success", "Failure"):
        return {}
    user = str(fields.get("userIdentity.userName") or "") if fields.get("userIdentity.type") == "IAMUser" else ""
    nobody = user == "HIDDEN_DUE_TO_SECURITY_REASONS"  # what was typed is no name: it may be a password
    reason = "" if said == "Success" else "unknown" if nobody else "credential"
    return {"user": "" if nobody else user, "from_address": str(fields.get("sourceIPAddress") or ""), **_outcome(reason)}


def _entra(fields: Mapping[str, Any]) -> Told:
    if "SignInLogs" not in str(fields.get("category")) or fields.get("ResultType", fields.get("resultType")) is None:
        return {}
    code = str(fields.get("ResultType", fields.get("resultType")))
    guest = str(fields.get("properties.userType")).casefold() == "guest"  # called by the name that they have at home
    user = "" if guest else str(fields.get("properties.userPrincipalName") or "")
    reason = "" if code == "0" else _ENTRA.get(code, "credential")
    return {"user": user, "from_address": str(fields.get("callerIpAddress") or ""), **_outcome(reason)}


def _postgresql(fields: Mapping[str, Any]) -> Told:
    """As `log_destination = jsonlog` writes it, from PostgreSQL 15 on."""
    if not all(name in fields for name in ("error_severity", "message", "backend_type")):
        return {}
    found = services.sign_in("postgres", f"{fields['error_severity']}:  {fields['message']}")
    address = str(fields.get("remote_host") or "")
    return {"from_address": "" if address == "[local]" else address, "program": "postgres", **found} if found else {}


def _outcome(reason: str) -> Told:
    return {"outcome": "failure", "reason": reason} if reason else {"outcome": "success"}


def _number(said: object) -> int | None:
    """A code as Windows writes it: hexadecimal, or a number, also below zero."""
    try:
        return int(str(said), 0) & 0xFFFFFFFF
    except ValueError:
        return None
