"""What is covered and what is not: promises by what they rest on, and systems that no source tells anything of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import clock, workspace
from upheld.accounts.role import Verb
from upheld.checks.measure import Kind, Measure
from upheld.checks.verdict import State
from upheld.evidence.duck import lent, put_in
from upheld.evidence.frame import ChangeFile
from upheld.evidence.history import rows_at
from upheld.evidence.querying import open_rows
from upheld.evidence.table import tables
from upheld.sources.configured import in_use
from upheld.sources.frames import files
from upheld.verdicts.measures import measures_of
from upheld.verdicts.standing import PromiseStanding
from upheld.web.page import answer
from upheld.web.sight import sight

# Kinds of source that bring what people wrote down, as opposed to what a machine told.
RECORDS = frozenset(("registers", "documents", "list", "access_model", "people"))


@dataclass(frozen=True)
class Resting:
    """How many promises rest on what; `promises` names them by id."""

    name: str
    words: str
    meaning: str
    promises: tuple[str, ...]


@dataclass(frozen=True)
class SystemLine:
    """One system, and how many tables of which sources tell of it."""

    id: str
    name: str
    tables: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class CoveragePage:
    """What promises rest on; and every system, those first that nothing tells of. `systems` is None for whom evidence is not shown."""

    total: int
    resting: tuple[Resting, ...]
    systems: tuple[SystemLine, ...] | None

    @property
    def untold(self) -> int:
        """How many systems no source tells of."""
        return sum(not each.tables for each in self.systems or ())


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Show what is covered."""
    seen = sight(request)
    measures = measures_of(workspace.current())[0]
    kinds = {source.name: source.kind for source in in_use()}
    by_rest: dict[str, list[str]] = {}
    for document in seen.documents():
        for each in document.promises:
            by_rest.setdefault(rests_on(each, measures, kinds), []).append(each.promise.id)
    meanings = {
        "tested": (_("Tested"), _("all measures were judged on what systems told")),
        "recorded": (_("Recorded"), _("at least one measure was judged on what people wrote down")),
        "attested": (_("Attested"), _("at least one measure is what a person vouches for")),
        "unproven": (_("Unproven"), _("at least one measure was not judged, or could not be shown")),
    }
    page = CoveragePage(
        total=sum(map(len, by_rest.values())),
        resting=tuple(Resting(name, *said, tuple(by_rest.get(name, ()))) for name, said in meanings.items()),
        systems=_systems(kinds) if seen.person.may(Verb.SEE, "evidence") else None,
    )
    return answer(request, "coverage", page, place="coverage")


def rests_on(promise: PromiseStanding, measures: Mapping[str, Measure], kinds: Mapping[str, str]) -> str:
    """Return what `promise` rests on at its weakest: unproven, attested, recorded or tested."""
    if any(each.verdict is None or each.state is State.UNPROVEN for each in promise.measures) or not promise.measures:
        return "unproven"
    if any(each.id in measures and measures[each.id].kind is Kind.ATTESTED for each in promise.measures):
        return "attested"
    told = {kinds.get(seen["source"], "") for each in promise.measures if each.verdict for seen in each.verdict.evidence}
    return "recorded" if told & RECORDS else "tested"


def _systems(sources: Iterable[str]) -> tuple[SystemLine, ...]:
    used = set(sources)
    every = [file for file in files() if file.source in used and "system_id" in tables()[file.table].columns]
    named = [file for file in files(table_name="systems") if file.source in used]
    names, told = _told(tuple(every), tuple(named))
    lines = []
    for id, name in names:
        about = [(table, source) for table, source, system in told if system == id]
        lines.append(SystemLine(id, name, len({table for table, _source in about}), tuple(sorted({source for _table, source in about}))))
    return tuple(sorted(lines, key=lambda each: (each.tables, each.name)))


@lru_cache(maxsize=2)
def _told(
    read: tuple[ChangeFile, ...], named: tuple[ChangeFile, ...]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str, str], ...]]:
    """Return systems as (id, name), and what tells of them as (table, source, system); from files that never change."""
    names = {}
    for source in sorted({file.source for file in named}):
        for row in rows_at([file for file in named if file.source == source], "systems", clock.now()):
            names[str(row["id"])] = str(row["name"] or row["id"])
    found: list[tuple[str, str, str]] = []
    with lent() as connection:
        for table in sorted({file.table for file in read} - {"systems"}):
            query = open_rows(tables()[table], ["system_id"])
            asked = f"SELECT DISTINCT source, system_id FROM ({query}) WHERE system_id IS NOT NULL"  # noqa: S608  a contract's names
            rows = connection.execute(put_in(asked, files=[str(file.path) for file in read if file.table == table], as_of=clock.now()))
            found += [(table, source, system) for source, system in rows.fetchall()]
    return tuple(names.items()), tuple(found)
