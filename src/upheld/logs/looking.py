"""Looking through files with rules, without a workspace: events in, detections out, nothing kept."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from upheld.logs.event import TIMES, when
from upheld.logs.lines import Fields, Lines
from upheld.logs.opening import READING_ERRORS, opened
from upheld.logs.sigma.compiled import Compiled
from upheld.logs.sigma.correlation import Correlated, Correlation, Correlator
from upheld.logs.sigma.engine import Engine
from upheld.logs.sigma.rule import Rule


@dataclass(frozen=True)
class Seen:
    """What a rule found: in which line of which file, and when that was, as the line says it (else nothing)."""

    rule: Rule | Correlation
    file: str
    line: int
    time: str | None
    group: tuple[tuple[str, str], ...] = ()


class Looking:
    """Looks through files with `rules`, telling each detection to `tell`. What could not be read is in `troubles`, by file."""

    def __init__(self, rules: Compiled, tell: Callable[[Seen], None]) -> None:
        """Make ready."""
        self._engine, self._tell = Engine(rules.ruleset, rules.plan), tell
        self._rules, correlations = rules.ruleset.rules, rules.ruleset.correlations
        self._correlator = Correlator(correlations)
        self._counted = {name for each in correlations for name in each.rules}
        self._silent = {name for each in correlations if not each.generate for name in each.rules}
        self._file = ""
        self._lines = Lines(self._engine, self._found)
        self.troubles: dict[str, str] = {}

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

    def through(self, names: Iterable[str]) -> None:
        """Look through the files `names`; of folders, through all files in them."""
        for name in (each for one in names for each in _files(one)):
            self._file = name
            try:
                with opened(Path(name)) as file:
                    self._lines.read(file)
            except READING_ERRORS as error:
                self.troubles[name] = str(error) or type(error).__name__

    def _found(self, event: Fields, places: tuple[int, ...], number: int) -> None:
        for place in places:
            self._met(self._rules[place], event, number)

    def _met(self, rule: Rule, event: Fields, number: int) -> None:
        names = {rule.id, rule.name} - {""}
        if not names & self._silent:
            self._tell(Seen(rule, self._file, number, _time(event)))
        if names & self._counted:
            at = when(event)
            for each in self._correlator.add(rule, event, at.timestamp()) if at else ():
                if not {each.correlation.id, each.correlation.name} & self._silent:
                    self._correlated(each, number)

    def _correlated(self, found: Correlated, number: int) -> None:
        at = datetime.fromtimestamp(found.last_at, UTC).isoformat().replace("+00:00", "Z")
        self._tell(Seen(found.correlation, self._file, number, at, found.group))


def rule_files(folders: Iterable[Path]) -> list[Path]:
    """Return the rules' files in `folders` and below, or those named themselves."""
    found: set[Path] = set()
    for each in folders:
        if each.is_dir():
            found |= {
                path for path in each.rglob("*") if path.suffix in (".yml", ".yaml") and not any(n.startswith(".") for n in path.parts)
            }
            found = {path for path in found if path.is_file() or not path.exists()}  # a pipe would be waited for; a broken link is said
        else:
            found.add(each)
    return sorted(found)


def _files(name: str) -> Iterator[str]:
    path = Path(name)
    yield from sorted(str(each) for each in path.rglob("*") if each.is_file()) if path.is_dir() else [name]


def _time(event: Fields) -> str | None:
    """When the event says that it was: its own words, but for numbers, which become words."""
    said = next((value for name in TIMES if isinstance(value := event.get(name), str) and value and not value.isdigit()), None)
    if said is not None:
        return said
    at = when(event)
    return at.isoformat().replace("+00:00", "Z") if at else None
