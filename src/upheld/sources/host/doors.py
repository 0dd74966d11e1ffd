"""Answers of a host -> rows of logon_settings and password_rules: sshd, PAM, login.defs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from upheld.evidence.table import Row
from upheld.sources.host.answers import ABSENT, NO_SUCH_PROGRAM, Answers, Part
from upheld.sources.host.passwd import login_defs, people, secrets
from upheld.sources.host.sshd import Sshd, effective

SECOND_FACTOR = re.compile(r"pam_(google_authenticator|oath|u2f|duo|yubico|radius|privacyidea)\.so")
LOCKING = re.compile(r"pam_(faillock|tally2)\.so")
QUALITY = re.compile(r"pam_(pwquality|cracklib|passwdqc)\.so")
STORED = re.compile(r"\b(yescrypt|gost_yescrypt|sha512|sha256|blowfish|md5|bigcrypt)\b")
SCHEME = {
    "yescrypt": "yescrypt", "gost_yescrypt": "yescrypt", "sha512": "sha512-crypt", "sha256": "sha256-crypt", "blowfish": "bcrypt",
    "bcrypt": "bcrypt", "md5": "md5", "des": "des", "bigcrypt": "des",
}  # fmt: skip


@dataclass(frozen=True)
class Pam:
    """The lines of one service's stack, includes followed, by facility: auth, account, password, session."""

    lines: Mapping[str, Sequence[str]]

    def find(self, facility: str, module: re.Pattern[str]) -> str | None:
        """Return the first line of `facility` that calls `module`."""
        return next((line for line in self.lines.get(facility, ()) if module.search(line)), None)


def pam(answers: Answers, service: str) -> Pam | None:
    """Return the stack of `service`, else of `other`; None when neither could be read."""
    files = {path.rpartition("/")[2]: part.text for path, part in answers.under("/etc/pam.d").items() if part.whole}
    name = service if service in files else "other"
    if name not in files:
        return None
    found: dict[str, list[str]] = {}
    _follow(files, name, found, None, frozenset())
    return Pam(found)


def _follow(files: Mapping[str, str], name: str, found: dict[str, list[str]], only: str | None, seen: frozenset[str]) -> None:
    if name in seen:
        return
    for line in files.get(name, "").replace("\\\n", " ").split("\n"):
        words = line.split("#", 1)[0].split()
        if len(words) < 2:
            continue
        if words[0] == "@include":
            _follow(files, words[1], found, only, seen | {name})
            continue
        facility = words[0].lstrip("-")
        if only not in {None, facility}:
            continue
        if words[1] in {"include", "substack"} and len(words) > 2:
            _follow(files, words[2], found, facility, seen | {name})
        else:
            found.setdefault(facility, []).append(" ".join(words[1:]))


def logon_settings(answers: Answers, system: str) -> Part:
    """Return the doors: sshd where there is one, and pam for the console and su."""
    part = Part("logon_settings")
    stack = pam(answers, "login")
    asked = answers.of("sshd")
    found = effective(answers)
    if found is not None:
        part.rows.append(_sshd_row(answers, found, system))
    elif asked.status not in {ABSENT, NO_SUCH_PROGRAM} or answers.file("/etc/ssh/sshd_config").status not in {ABSENT, 0}:
        part.cut_short.append(f"sshd: {answers.file('/etc/ssh/sshd_config').why}")
    if stack is not None:
        part.rows.append(_pam_row(answers, stack, system))
    else:
        part.cut_short.append("no PAM configuration could be read in /etc/pam.d")
    if any(row["limits_guesses"] is None for row in part.rows):
        part.deny(["limits_guesses"], "only root may ask fail2ban whether it guards sshd")
    if secrets(answers) is None:
        part.deny(
            ["allows_empty_passwords"], "whether an account has an empty password is in /etc/shadow, which may not be read by this account"
        )
    return part


def _sshd_row(answers: Answers, found: Sshd, system: str) -> Row:
    stack = pam(answers, "sshd") if found.any("usepam", "yes") else None
    return {
        "id": f"{system}/sshd",
        "system_id": system,
        "door": "sshd",
        "allows_empty_passwords": found.any("permitemptypasswords", "yes") and found.passwords,
        "allows_plaintext": False,  # SSH 2 encrypts before anybody signs in
        "limits_guesses": _guesses_limited(answers, found, stack),
        "allows_passwords": found.passwords and not _demands_more(found, stack),
        "allows_remote_superuser": not found.all("permitrootlogin", "no"),
        "requires_mfa": _demands_more(found, stack),
        "idle_timeout": _idle(answers),
        "said": found.said(),
    }


def _guesses_limited(answers: Answers, found: Sshd, stack: Pam | None) -> bool | None:
    """Keys cannot be guessed; passwords need fail2ban, a lock by PAM, or OpenSSH's own penalties (9.8 and later).

    Only root may ask fail2ban: None for anybody else where it is installed and nothing else stops guessing.
    """
    jail = answers.of("fail2ban")
    locked = stack is not None and stack.find("auth", LOCKING) is not None
    penalties = found.values("persourcepenalties")
    if not found.passwords or locked or (jail.whole and "Currently" in jail.text) or (penalties and penalties != ["no"]):
        return True
    return False if answers.is_root or jail.status in {NO_SUCH_PROGRAM, ABSENT} else None


def _demands_more(found: Sshd, stack: Pam | None) -> bool:
    """Two methods in every way in, or a second factor in PAM that no key goes around and nobody may go without (nullok)."""
    methods = [way for value in found.values("authenticationmethods") for way in value.split()]
    if methods and all(len({method.partition(":")[0] for method in way.split(",")}) > 1 for way in methods):
        return True
    line = stack.find("auth", SECOND_FACTOR) if stack else None
    return (
        line is not None and "nullok" not in line and line.startswith(("required", "requisite")) and found.all("pubkeyauthentication", "no")
    )


def _idle(answers: Answers) -> timedelta | None:
    """TMOUT of the shells, if it cannot be changed back (readonly)."""
    files = [answers.file("/etc/profile"), *answers.under("/etc/profile.d").values()]
    text = "\n".join(part.text for part in files)
    match = re.search(r"^\s*(?:export\s+|readonly\s+|declare\s+-\S*r\S*\s+|typeset\s+-\S*r\S*\s+)*TMOUT=(\d+)", text, re.MULTILINE)
    fixed = re.search(r"^\s*(readonly\s.*TMOUT|(declare|typeset)\s+-\S*r\S*\s+TMOUT)", text, re.MULTILINE)
    return timedelta(seconds=int(match[1])) if match and fixed and int(match[1]) > 0 else None


def _pam_row(answers: Answers, stack: Pam, system: str) -> Row:
    unix = stack.find("auth", re.compile(r"pam_unix\.so")) or ""
    second, locking = stack.find("auth", SECOND_FACTOR), stack.find("auth", LOCKING)
    nullok = "nullok" in unix.split()
    demanded = second is not None and "nullok" not in second and second.startswith(("required", "requisite"))
    return {
        "id": f"{system}/pam",
        "system_id": system,
        "door": "pam",
        "allows_empty_passwords": _empty_lets_in(answers) if nullok else False,
        "allows_plaintext": False,  # the console is no network
        "limits_guesses": locking is not None,
        "allows_passwords": not demanded,
        "allows_remote_superuser": False,
        "requires_mfa": demanded,
        "idle_timeout": _idle(answers),
        "said": "; ".join(line for line in (unix, locking, second) if line) or "no pam_unix in auth",
    }


def _empty_lets_in(answers: Answers) -> bool | None:
    """PAM would take an empty password: it lets in where an account with a shell has one."""
    shadow = secrets(answers)
    if shadow is None:
        return None
    return any(person.has_shell and person.user in shadow and shadow[person.user].empty for person in people(answers))


def password_rules(answers: Answers, system: str) -> Part:
    """Return the one set of rules that PAM and login.defs make together."""
    part, stack = Part("password_rules"), pam(answers, "passwd")
    if stack is None:
        part.cut_short.append("no PAM configuration could be read in /etc/pam.d")
        return part
    defs = login_defs(answers)
    unix = stack.find("password", re.compile(r"pam_unix\.so")) or ""
    days = defs.get("PASS_MAX_DAYS", "99999")
    word = (STORED.search(unix) or [defs.get("ENCRYPT_METHOD", "").lower()])[0]
    locks_after, locked_for = _lock(answers)
    part.rows.append(
        {
            "id": f"{system}/pam",
            "system_id": system,
            "name": "PAM and login.defs",
            "minimum_length": _minimum_length(answers, stack, unix),
            "history": _history(answers, stack, unix),
            "quality_checked": stack.find("password", QUALITY) is not None,
            "locks_after": locks_after,
            "locked_for": locked_for,
            "maximum_age": timedelta(days=int(days)) if days.isdecimal() and int(days) < 99_998 else None,
            "scheme": SCHEME.get(word),
        }
    )
    return part


def _minimum_length(answers: Answers, stack: Pam, unix: str) -> int:
    """pwquality's minlen (its argument, then its file, then 8), else pam_unix's (6)."""
    quality = stack.find("password", QUALITY)
    own = _option(unix, "minlen", 6)
    if quality is None:
        return own
    files = [answers.file("/etc/security/pwquality.conf"), *answers.under("/etc/security/pwquality.conf.d").values()]
    said = [value for value in (_said(part.text, "minlen") for part in files) if value is not None]
    return max(own, _option(quality, "minlen", said[-1] if said else 8))


def _history(answers: Answers, stack: Pam, unix: str) -> int:
    line = stack.find("password", re.compile(r"pam_pwhistory\.so"))
    if line is None:
        return _option(unix, "remember", 0)
    return _option(line, "remember", _option(answers.file("/etc/security/pwhistory.conf").text, "remember", 10))


def _lock(answers: Answers) -> tuple[int, timedelta | None]:
    """After how many failures, for how long: pam_faillock's arguments, its file, its defaults (3 and 600 s)."""
    stack = pam(answers, "login")
    line = stack.find("auth", LOCKING) if stack else None
    if line is None:
        return 0, None
    conf = answers.file("/etc/security/faillock.conf").text
    seconds = _option(line, "unlock_time", _option(conf, "unlock_time", 600))
    return _option(line, "deny", _option(conf, "deny", 3)), timedelta(seconds=seconds) if seconds else None


def _said(text: str, name: str) -> int | None:
    """The number that `name = number` gives in `text`, the last one where there are several; comments do not count."""
    found = re.findall(rf"^(?:[^#\n]*\s)?{name}\s*=\s*(-?\d+)", text, re.MULTILINE)
    return int(found[-1]) if found else None


def _option(text: str, name: str, default: int) -> int:
    found = _said(text, name)
    return default if found is None else found
