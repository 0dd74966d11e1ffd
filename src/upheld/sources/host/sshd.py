"""What sshd allows: its effective settings, and the Match blocks that loosen them for somebody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from upheld.sources.host.answers import Answers

# What sshd does when nothing is written, as `sshd -T` shows it on OpenSSH 9.2.
DEFAULTS = {
    "permitrootlogin": "prohibit-password",
    "passwordauthentication": "yes",
    "permitemptypasswords": "no",
    "kbdinteractiveauthentication": "yes",
    "pubkeyauthentication": "yes",
    "maxauthtries": "6",
    "usepam": "no",
    "authenticationmethods": "any",
    "clientaliveinterval": "0",
    "clientalivecountmax": "3",
}
OLD_NAMES = {"challengeresponseauthentication": "kbdinteractiveauthentication", "skeyauthentication": "kbdinteractiveauthentication"}


@dataclass(frozen=True)
class Sshd:
    """Settings for everybody, and each Match block's settings for those it is about."""

    everybody: Mapping[str, str]
    matches: tuple[Mapping[str, str], ...]

    def values(self, name: str) -> list[str]:
        """Return what `name` is for everybody, then in each block that sets it."""
        first = [self.everybody[name]] if name in self.everybody else []
        return first + [block[name] for block in self.matches if name in block]

    def any(self, name: str, value: str) -> bool:
        """Whether `name` is `value` for anybody."""
        return value in self.values(name)

    def all(self, name: str, value: str) -> bool:
        """Whether `name` is `value` for everybody."""
        return set(self.values(name)) == {value}

    @property
    def passwords(self) -> bool:
        """Whether anybody can sign in by typing a password."""
        return self.any("passwordauthentication", "yes") or self.any("kbdinteractiveauthentication", "yes")

    def said(self) -> str:
        """The settings in sshd's own words."""
        return "; ".join(f"{name} {' | '.join(self.values(name))}" for name in DEFAULTS if self.values(name))


def effective(answers: Answers) -> Sshd | None:
    """Return what `sshd -T` says, else what the files say; None when there is neither.

    `sshd -T` leaves Match blocks out, which the files tell. As in sshd, the first value of a name counts.
    """
    asked, written = answers.of("sshd"), answers.file("/etc/ssh/sshd_config")
    if not written.whole and not asked.whole:
        return None
    files = {path: part.text for path, part in answers.starting("file").items() if path.startswith("/etc/ssh/") and part.whole}
    everybody: dict[str, str] = {}
    matches: list[dict[str, str]] = []
    _read(files, "/etc/ssh/sshd_config", everybody, matches, 0)
    if asked.whole:
        everybody = {}
        for line in asked.text.split("\n"):
            name, _, value = line.partition(" ")
            everybody.setdefault(name, value)
    return Sshd({**DEFAULTS, **everybody}, tuple(matches))


def _read(files: Mapping[str, str], path: str, everybody: dict[str, str], matches: list[dict[str, str]], depth: int) -> None:
    block: dict[str, str] | None = None
    for name, value in _settings(files.get(path, "")):
        if name == "match":
            block = None if value.lower() == "all" else {}
            if block is not None:
                matches.append(block)
        elif name == "include" and depth < 16:
            for part in _included(files, value):
                _read(files, part, everybody if block is None else block, matches, depth + 1)
        else:
            (everybody if block is None else block).setdefault(OLD_NAMES.get(name, name), value)


def _settings(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        words = line.split("#", 1)[0].replace("=", " ", 1).split(None, 1)
        if len(words) == 2:
            yield words[0].lower(), words[1].strip().strip('"')


def _included(files: Mapping[str, str], value: str) -> list[str]:
    """The files that an Include names, by its folder: every file there that ends as its pattern does."""
    found = []
    for pattern in value.split():
        path = pattern if pattern.startswith("/") else f"/etc/ssh/{pattern}"
        before, star, after = path.partition("*")
        found += sorted(name for name in files if (name.startswith(before) and name.endswith(after) if star else name == path))
    return found
