"""The answers of questions.sh: sections with a status, taken apart without trusting what is in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from upheld.evidence.collection import Collecting
from upheld.evidence.table import Row

DENIED = 43
ABSENT = 44
TIMED_OUT = frozenset({124, 137})
NO_SUCH_PROGRAM = 127


@dataclass(frozen=True)
class Section:
    """One answer: its text, and the status it ended with; None if it was cut off before its end."""

    text: str
    status: int | None

    @property
    def whole(self) -> bool:
        """Whether the command ran to its end and said that all is well."""
        return self.status == 0

    @property
    def why(self) -> str:
        """What kept it from being whole, in words."""
        if self.status is None:
            return "the answer was cut off"
        if self.status in TIMED_OUT:
            return "the command took too long and was stopped"
        words = {DENIED: "it may not be read by this account", ABSENT: "it is not there", NO_SUCH_PROGRAM: "the program is not installed"}
        return words.get(self.status, f"the command ended with status {self.status}")


NOT_ASKED = Section("", ABSENT)
CUT_OFF = Section("", None)


@dataclass(frozen=True)
class Answers:
    """All sections by name; `holders` are (user, path) of files with keys that may sign in. `ended`: nothing was lost at the end."""

    sections: Mapping[str, Section]
    holders: tuple[tuple[str, str], ...]
    ended: bool

    def of(self, name: str) -> Section:
        """Return the section called `name`; an absent one if it was not asked, a cut-off one if the whole answer broke off."""
        found = self.sections.get(name)
        return found or (NOT_ASKED if self.ended else CUT_OFF)

    def file(self, path: str) -> Section:
        """Return the file of the tree at `path`."""
        return self.of(f"file {path}")

    def under(self, folder: str) -> dict[str, Section]:
        """Return the files shown directly in `folder`, by path, in order."""
        start = f"file {folder}/"
        return {name[5:]: part for name, part in sorted(self.sections.items()) if name.startswith(start) and "/" not in name[len(start) :]}

    def starting(self, word: str) -> dict[str, Section]:
        """Return the sections whose name is `word` and an argument, by argument."""
        return {name[len(word) + 1 :]: part for name, part in self.sections.items() if name.startswith(f"{word} ")}

    @property
    def is_root(self) -> bool:
        """Whether the questions were answered as root."""
        return self.of("whoami").text.strip() == "0"


def parse(answer: bytes) -> Answers:
    """Take the output of questions.sh apart. Bytes that are no UTF-8 come out as \\xNN, so that they stay visible."""
    sections: dict[str, Section] = {}
    holders: list[tuple[str, str]] = []
    name = ""
    lines: list[str] = []
    for line in answer.decode("utf-8", errors="backslashreplace").split("\n"):
        if line.startswith(" "):
            lines.append(line[1:])
        elif line.startswith("=holder "):
            user, _, path = line.removeprefix("=holder ").partition("\t")
            holders.append((user, path))
        elif line.startswith("="):
            if name:
                sections[name] = _section(lines)
            name, lines = line[1:], []
    if name:
        sections[name] = _section(lines)
    return Answers(sections, tuple(holders), sections.get("end", CUT_OFF).whole)


def _section(lines: list[str]) -> Section:
    """The last line of a whole section is =STATUS; the newline before it is ours, not the command's."""
    last = lines[-1] if lines else ""
    if not last.startswith("=") or not last[1:].isdecimal():
        return Section("\n".join(lines), None)
    return Section("\n".join(lines[:-1]), int(last[1:]))


@dataclass
class Part:
    """What one shaping found for one table: rows, columns that are unknown and why, and why rows may be missing."""

    table: str
    rows: list[Row] = field(default_factory=list)
    denied: list[tuple[str, str]] = field(default_factory=list)
    unsupported: list[tuple[str, str]] = field(default_factory=list)
    cut_short: list[str] = field(default_factory=list)

    def deny(self, columns: Iterable[str], why: str) -> None:
        """Say that `columns` could not be read."""
        self.denied += [(column, why) for column in columns]

    def lack(self, columns: Iterable[str], why: str) -> None:
        """Say that the host has no such thing, or cannot tell."""
        self.unsupported += [(column, why) for column in columns]

    def hand_over(self, into: Collecting) -> None:
        """Put it into `into`, unless the collection does not want the table."""
        if self.table not in into.seen:
            return
        into.rows(self.table, self.rows)
        for column, why in self.denied:
            into.denied(self.table, column, why)
        for column, why in self.unsupported:
            into.unsupported(self.table, column, why)
        for why in self.cut_short:
            into.cut_short(self.table, why)


def printable(text: str) -> str:
    """Return `text` with control characters (a name may hold escape sequences) made visible as \\xNN."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text)
