"""passwd, shadow, group and login.defs as records: what the system itself keeps about its accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from upheld.sources.host.answers import Answers, printable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_LIMIT_DAYS = 99_998
SCHEMES = {
    "$1$": "md5", "$5$": "sha256-crypt", "$6$": "sha512-crypt", "$y$": "yescrypt", "$gy$": "yescrypt", "$7$": "scrypt",
    "$2a$": "bcrypt", "$2b$": "bcrypt", "$2x$": "bcrypt", "$2y$": "bcrypt",
    "$argon2": "argon2", "$sha1": "sha1", "$md5": "md5", "$3$": "nt-hash",
}  # fmt: skip
NO_LOGIN = frozenset({"nologin", "false", "sync", "shutdown", "halt"})


@dataclass(frozen=True)
class Person:
    """One line of passwd."""

    user: str
    uid: int
    gid: int
    gecos: str
    home: str
    shell: str
    in_shadow: bool
    field: str

    @property
    def has_shell(self) -> bool:
        """Whether its shell lets anybody in; an empty one means /bin/sh."""
        return self.shell.rpartition("/")[2] not in NO_LOGIN


@dataclass(frozen=True)
class Secret:
    """What shadow says about one account. Days become instants; a limit of 99999 days or more is none."""

    scheme: str
    empty: bool
    usable: bool
    locked: bool
    changed_at: datetime | None
    must_change: bool
    maximum_age: timedelta | None
    expires_at: datetime | None


@dataclass(frozen=True)
class Group:
    """One line of group."""

    name: str
    gid: int
    members: tuple[str, ...]


def people(answers: Answers) -> list[Person]:
    """Return passwd line by line; lines that are none (comments, NIS pluses) are left out."""
    found = []
    for line in answers.file("/etc/passwd").text.split("\n"):
        parts = line.split(":")
        if len(parts) >= 7 and parts[0] and parts[0][0] not in "+-#" and _number(parts[2]) is not None:
            gid = _number(parts[3])
            found.append(
                Person(
                    printable(parts[0]),
                    int(parts[2]),
                    -1 if gid is None else gid,
                    printable(parts[4]),
                    parts[5],
                    parts[6],
                    parts[1] == "x",
                    parts[1],
                )
            )
    return found


def secrets(answers: Answers) -> Mapping[str, Secret] | None:
    """Return shadow by user; None when it could not be read."""
    shadow = answers.file("/etc/shadow")
    if not shadow.whole:
        return None
    found = {}
    for line in shadow.text.split("\n"):
        parts = [*line.split(":"), *[""] * 9]
        if parts[0] and ":" in line:
            found[printable(parts[0])] = secret(parts)
    return found


def secret(parts: list[str]) -> Secret:
    """Return what one line of shadow, split at colons, says (shadow(5))."""
    word = parts[1]
    hashed = word.lstrip("!*")
    scheme = _scheme(word)
    changed, maximum, expires = _number(parts[2]), _number(parts[4]), _number(parts[7])
    return Secret(
        scheme=scheme,
        empty=word == "",
        usable=scheme not in {"locked"} and (word == "" or word[0] not in "!*"),
        locked=word[:1] == "!" and bool(hashed),
        changed_at=_day(changed) if changed else None,
        must_change=changed == 0,
        maximum_age=timedelta(days=maximum) if maximum is not None and 0 <= maximum < NO_LIMIT_DAYS else None,
        expires_at=_day(expires) if expires is not None and expires >= 0 else None,
    )


def _scheme(word: str) -> str:
    """The scheme of the hash, also of a locked one (it still lies there); locked where no password can match, none where it is empty."""
    hashed = word.lstrip("!*")
    if word == "":
        return "none"
    if not hashed or not (hashed.startswith("$") or len(hashed) in {13, 20}):
        return "locked"
    for start, name in SCHEMES.items():
        if hashed.startswith(start):
            return name
    return "des"


def groups(answers: Answers) -> list[Group]:
    """Return group line by line."""
    found = []
    for line in answers.file("/etc/group").text.split("\n"):
        parts = line.split(":")
        if len(parts) >= 4 and parts[0] and parts[0][0] not in "+-#" and _number(parts[2]) is not None:
            found.append(Group(printable(parts[0]), int(parts[2]), tuple(printable(name) for name in parts[3].split(",") if name)))
    return found


def login_defs(answers: Answers) -> dict[str, str]:
    """Return /etc/login.defs by name."""
    lines = (line.split(None, 1) for line in answers.file("/etc/login.defs").text.split("\n") if not line.lstrip().startswith("#"))
    return {words[0]: words[1].strip() for words in lines if len(words) == 2}


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _day(days: int | None) -> datetime | None:
    """Days since 1970 as midnight UTC; None for a day that no calendar has."""
    try:
        return EPOCH + timedelta(days=days or 0)
    except OverflowError:
        return None
