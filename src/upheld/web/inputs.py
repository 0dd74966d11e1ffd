"""What a verdict rests on: tables and who fills them, and the collections, with the numbers of their entries in the ledger."""

from dataclasses import dataclass
from datetime import datetime

from upheld import workspace
from upheld.checks import library, schema
from upheld.checks.floor import Floor
from upheld.checks.front import MeasureError
from upheld.checks.measure import Measure
from upheld.checks.parameters import FILE as PARAMETERS_FILE
from upheld.checks.parameters import Parameter, Parameters, words
from upheld.evidence.derived import derived_tables
from upheld.evidence.table import tables
from upheld.ledger import lookup
from upheld.sources.models import Collection
from upheld.verdicts.models import MeasureVerdict


@dataclass(frozen=True)
class TableRead:
    """A table that a measure reads; `made_from` names the collected tables behind a computed one."""

    name: str
    title: str
    meaning: str
    made_from: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """What one source said about one table, as a verdict saw it. `entry` is the number in the ledger, None while it waits."""

    table: str
    source: str
    seen_at: datetime | None
    digest: str
    stale: bool
    coverage: str
    collection: str
    entry: int | None


def tables_read(measure: Measure) -> tuple[TableRead, ...]:
    """Return the tables that `measure` names, in alphabetical order."""
    found = []
    for name in measure.tables:
        if name in tables():
            found.append(TableRead(name, tables()[name].title, tables()[name].meaning, ()))
        elif name in derived_tables():
            contract = derived_tables()[name].table
            found.append(TableRead(name, contract.title, contract.meaning, tuple(schema.inputs(name))))
    return tuple(found)


def parameters_of(measure: Measure) -> tuple[tuple[tuple[Parameter, str], ...], str]:
    """Return the parameters of `measure` with their floors in words, and "" or what is wrong with the file that sets them."""
    try:
        values = parameters_in_force().of(measure)
    except MeasureError as error:
        return (), str(error)
    return tuple((each, floor_in_words(each.floor)) for each in values.values()), ""


def parameters_in_force() -> Parameters:
    """Return the parameters with the company's own values; raises `MeasureError` for a file that is wrong, not UTF-8 or refused."""
    space = workspace.current()
    for file in (space.parameters, *sorted(space.measures.glob(f"*/{PARAMETERS_FILE}"))):
        try:
            file.read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise MeasureError(str(file), None, f"cannot be read ({error})", "save it as UTF-8 text that this user may read") from error
    return library.parameters_in_force(space.measures, space.parameters)


def pieces(verdict: MeasureVerdict) -> tuple[Piece, ...]:
    """Return the evidence of `verdict`, each piece with the collection that brought it."""
    seen = [{**piece, "at": datetime.fromisoformat(piece["seen_at"]) if piece["seen_at"] else None} for piece in verdict.evidence]
    collections = Collection.objects.filter(
        source__name__in={each["source"] for each in seen}, started_at__in={each["at"] for each in seen if each["at"]}
    )
    by_time = {(each.source.name, each.started_at): each for each in collections.select_related("source")}
    numbers = lookup.numbers(each.entry_id for each in by_time.values())
    found = []
    for each in seen:
        collection = by_time.get((each["source"], each["at"]))
        found.append(
            Piece(
                table=each["table"],
                source=each["source"],
                seen_at=each["at"],
                digest=each["digest"],
                stale=each["stale"],
                coverage=each["coverage"],
                collection=collection.id if collection else "",
                entry=numbers.get(collection.entry_id) if collection else None,
            )
        )
    return tuple(found)


def floor_in_words(floor: Floor) -> str:
    """Return the weakest value that the promise allows: "at most 7 days"; empty where there is none."""
    said = (("at most", floor.at_most), ("at least", floor.at_least), ("always with", floor.includes), ("only out of", floor.within))
    return ", ".join(f"{how} {words(value)}" for how, value in said if value is not None)
