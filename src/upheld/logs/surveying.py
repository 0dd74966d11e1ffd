"""Looking through files for what reports tell: who, where and when of each event; nothing kept."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from upheld.logs.event import when
from upheld.logs.formats import json_lines
from upheld.logs.gathering import Rows
from upheld.logs.lines import Fields, Lines
from upheld.logs.looking import every, said
from upheld.logs.opening import READING_ERRORS, opened
from upheld.logs.reporting import EVENTS, Report, report, row
from upheld.logs.sigma.keywords import Keywords


class Taking:
    """Takes the events of files: a row of `reporting.EVENTS` each, handed to `take`. `undated` say no time."""

    def __init__(self, take: Callable[[dict[str, Any]], None]) -> None:
        """Begin with nothing read."""
        self._take = take
        self.keywords = Keywords(())
        self.undated = 0
        self.lines = Lines(self, lambda *_: None)

    def matches(self, event: Fields, line: bytes | memoryview = b"", suspicious: bool = True) -> tuple[int, ...]:
        """Take one event."""
        fields = json_lines.fields(event)
        at = when(fields)
        self.undated += at is None
        self._take(row(fields, at))
        return ()


class Surveying:
    """Reads files and reports. What could not be read is in `troubles`, by file."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._rows = Rows("events", EVENTS)
        self._taking = Taking(self._rows.add)
        self.events = self.unread = self.undated = 0
        self.elsewhere_seconds = 0.0
        self.troubles: dict[str, str] = {}

    def through(self, names: Iterable[str]) -> Report:
        """Return what the files `names` tell; of folders, all files in them."""
        for name in every(names, self.troubles):
            try:
                with opened(Path(name)) as file:
                    self._taking.lines.read(file)
            except READING_ERRORS as error:
                self.troubles[said(name)] = said(str(error)) or type(error).__name__
        lines = self._taking.lines
        self.events, self.unread, self.undated = lines.events, lines.unread, self._taking.undated
        with self._rows.asked() as ask:
            return report(ask)
