"""What services say in syslog about signing in: sshd, sudo, PAM, PostgreSQL and OpenLDAP. Pure but for what `Sessions` remembers.

Fields: `user`, `from_address`, `port`, `method`, `outcome` (success, failure) and `reason` (unknown, credential, expired, disabled,
not-allowed).
"""

import re
from collections import OrderedDict
from collections.abc import Mapping

_FROM = r"(?P<user>.*) from (?P<from_address>\S+)"
_PORT = r" port (?P<port>\d+)"
_Patterns = tuple[tuple[str, str, re.Pattern[str]], ...]


def _patterns(*said: tuple[str, str, str]) -> _Patterns:
    return tuple((outcome, reason, re.compile(pattern)) for outcome, reason, pattern in said)


_PAM = _patterns(
    ("failure", "expired", r"(?:pam_unix\(\S+\): )?account (?P<user>\S+) has (?:expired|password expired).*"),
    ("failure", "credential", r"pam_unix\(\S+:auth\): authentication failure;.* rhost=(?P<from_address>\S*)(?:\s+user=(?P<user>\S+))?"),
)
_SSHD = _patterns(
    ("success", "", rf"Accepted (?P<method>\S+) for {_FROM}{_PORT}"),
    ("failure", "unknown", rf"Failed (?P<method>\S+) for invalid user {_FROM}{_PORT}"),
    ("failure", "credential", rf"Failed (?P<method>\S+) for {_FROM}{_PORT}"),
    ("failure", "unknown", rf"Invalid user {_FROM}(?:{_PORT})?"),
    ("failure", "not-allowed", rf"User {_FROM} not allowed because .*"),
)
_SUDO = _patterns(
    ("failure", "not-allowed", r"\s*(?P<user>\S+) : (?:user NOT in sudoers|command not allowed|\d+ incorrect password attempts?) ; .*"),
    ("success", "", r"\s*(?P<user>\S+) : TTY=\S+ ; PWD=.* ; USER=\S+ ; COMMAND=.*"),
)
_POSTGRES = _patterns(
    ("failure", "credential", r'.*?FATAL:\s+\S+ authentication failed for user "(?P<user>.*)"'),
    ("failure", "unknown", r'.*?FATAL:\s+role "(?P<user>.*)" does not exist'),
    ("failure", "disabled", r'.*?FATAL:\s+role "(?P<user>.*)" is not permitted to log in'),
    (
        "failure",
        "not-allowed",
        r'.*?FATAL:\s+(?:no pg_hba\.conf entry|pg_hba\.conf rejects \w+) for host "(?P<from_address>[^"]*)", user "(?P<user>.*?)", .*',
    ),
    ("success", "", r".*?LOG:\s+connection authorized: user=(?P<user>.*?) (?:database=|application_name=|SSL ).*"),
)
_BY_PROGRAM = {
    "sshd": (*_SSHD, *_PAM),
    "sshd-session": (*_SSHD, *_PAM),
    "sudo": (*_SUDO, *_PAM),
    "postgres": _POSTGRES,
    "postgresql": _POSTGRES,
}


def sign_in(program: str, message: str) -> dict[str, str]:
    """Return the fields of a sign-in that `program` tells of in `message`; none where it tells of none."""
    for outcome, reason, pattern in _BY_PROGRAM.get(program, _PAM):
        found = pattern.match(message)
        if found is not None:
            told = {name: value for name, value in found.groupdict().items() if value}
            return told | {"outcome": outcome} | ({"reason": reason} if reason else {})
    return {}


_MOST = 20_000
_CONNECTION = re.compile(r"conn=(?P<number>\d+) (?:fd|op)=\d+ (?P<what>ACCEPT from IP=|BIND dn=|RESULT tag=97 err=|closed)(?P<said>.*)")
_BACKEND = re.compile(r".*?\[(?P<number>\d+)\](?: \S+@\S+)? \w+:\s+(?P<said>.*)")
_RECEIVED = re.compile(r"connection received: host=(?P<from_address>\S+) port=(?P<port>\d+)")
# LDAP's results (RFC 4511, appendix A) of a bind that failed; others say that the server could not, not that somebody may not.
_RESULTS = {"49": "credential", "32": "unknown", "48": "credential", "50": "not-allowed", "53": "not-allowed", "19": "not-allowed"}


class Sessions:
    """Remembers of each connection what its later lines do not say again: from where it came, and as whom it binds."""

    def __init__(self) -> None:
        """Begin with no connection known."""
        self._known: OrderedDict[tuple[str, str, str], dict[str, str]] = OrderedDict()

    def told(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Return what more is known of the event with `fields`."""
        program, message = fields.get("program", ""), fields.get("message", "")
        if program == "slapd":
            return self._directory(fields, message)
        if program in ("postgres", "postgresql"):
            return self._database(fields, message)
        return {}

    def _session(self, fields: Mapping[str, str], number: str) -> dict[str, str]:
        key = (fields.get("host", ""), fields.get("program", ""), number)
        known = self._known.setdefault(key, {})
        self._known.move_to_end(key)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return known

    def _directory(self, fields: Mapping[str, str], message: str) -> dict[str, str]:
        found = _CONNECTION.match(message)
        if found is None:
            return {}
        session, what, said = self._session(fields, found["number"]), found["what"], found["said"]
        if what.startswith("ACCEPT"):
            session.clear()
            session["from_address"] = said.partition(" ")[0].rpartition(":")[0].strip("[]")
            return {**session}
        if what.startswith("BIND"):
            name = said.partition('"')[2].partition('"')[0]
            if name:
                session["dn"], session["user"] = name, name.partition(",")[0].partition("=")[2] or name
            return {**session}
        code = said.partition(" ")[0]
        if what == "closed" or not session.get("dn") or (code != "0" and code not in _RESULTS):
            return {**session}
        return {**session, "outcome": "success"} if code == "0" else {**session, "outcome": "failure", "reason": _RESULTS[code]}

    def _database(self, fields: Mapping[str, str], message: str) -> dict[str, str]:
        found = _BACKEND.match(message)
        if found is None:
            return {}
        session = self._session(fields, found["number"])
        received = _RECEIVED.match(found["said"])
        if received is not None:
            session.clear()
            session.update(received.groupdict())
        return {name: value for name, value in session.items() if name not in fields}
