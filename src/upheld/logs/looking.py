"""Looking through files with rules, without a workspace: events in, detections out, nothing kept."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from upheld.logs.lines import Fields, Lines
from upheld.logs.meeting import Meeting, Seen
from upheld.logs.opening import READING_ERRORS, opened
from upheld.logs.sigma.compiled import Compiled
from upheld.logs.sigma.engine import Engine


class Looking:
    """Looks through files with `rules`, telling each detection to `tell`. What could not be read is in `troubles`, by file."""

    def __init__(self, rules: Compiled, tell: Callable[[Seen], None]) -> None:
        """Make ready."""
        self._engine, self._tell = Engine(rules.ruleset, rules.plan), tell
        self._meeting = Meeting(rules.ruleset)
        self._gathered = None
        if rules.ruleset.correlations:
            from upheld.logs.gathering import Gathered  # noqa: PLC0415  DuckDB, which rules without correlations need not wait for

            self._gathered = Gathered(rules.ruleset)
        self._file = ""
        self._lines = Lines(self._engine, self._found)
        self.troubles: dict[str, str] = {}
        self.elsewhere_seconds = 0.0  # of processors: all of it is done here

    @property
    def events(self) -> int:
        """How many events there were."""
        return self._lines.events

    @property
    def unread(self) -> int:
        """How many lines hold no JSON object."""
        return self._lines.unread

    @property
    def undecided(self) -> int:
        """On how many values an expression took too long."""
        return self._engine.undecided

    @property
    def undated(self) -> int:
        """How often a rule met that correlations count, in an event that says no time."""
        return self._meeting.undated

    def through(self, names: Iterable[str]) -> None:
        """Look through the files `names`; of folders, through all files in them. What correlations tell comes last."""
        for name in every(names, self.troubles):
            self._file = said(name)
            try:
                with opened(Path(name)) as file:
                    self._lines.read(file)
            except READING_ERRORS as error:
                self.troubles[self._file] = said(str(error)) or type(error).__name__
        for seen in self._gathered.told() if self._gathered else ():
            self._tell(seen)

    def _found(self, event: Fields, places: tuple[int, ...], number: int) -> None:
        for seen in self._meeting.seen(places, event, self._file, number):
            self._tell(seen)
        if self._gathered is not None:
            for met in self._meeting.met(places, event, self._file, number):
                self._gathered.add(met)


def said(name: str) -> str:
    """Return a file's `name` as text, whatever its bytes are."""
    return os.fsencode(name).decode("utf-8", "replace")


def every(names: Iterable[str], troubles: dict[str, str]) -> Iterator[str]:
    """Yield the files `names`; of folders all files in them: one that has none is said in `troubles`."""
    for name in names:
        path = Path(name)
        its = sorted(str(each) for each in path.rglob("*") if each.is_file()) if path.is_dir() else [name]
        if not its:
            troubles[said(name)] = "no file is in this folder"
        yield from its
