"""Sources with what they last told and could not see, and the tables that measures read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from upheld.evidence.table import Table, tables
from upheld.sources.models import CollectedTable, Collection, ConfiguredSource
from upheld.sources.source import kind, names
from upheld.web.page import answer

SAID = (pgettext_lazy("coverage", "complete"), pgettext_lazy("coverage", "partial"), pgettext_lazy("coverage", "failed"))


@dataclass(frozen=True)
class SourceShown:
    """A source in use and its last collection (None: never collected). `blind` are columns it could not read, with why."""

    name: str
    kind: str
    title: str
    collection: Collection | None
    took: timedelta | None
    tables: tuple[CollectedTable, ...]
    rows: int
    blind: tuple[tuple[str, str], ...]
    cut_short: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TableShown:
    """A table and what fills it."""

    table: Table
    sources: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class EvidencePage:
    """Sources in use and all tables, those that somebody fills first."""

    sources: tuple[SourceShown, ...]
    filled: tuple[TableShown, ...]
    empty: tuple[TableShown, ...]


@dataclass(frozen=True)
class TablePage:
    """One table: its contract, and what each source last said about it."""

    table: Table
    told: tuple[CollectedTable, ...]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List sources and tables."""
    told = _last_told()
    by_table: dict[str, list[CollectedTable]] = {}
    for each in told:
        by_table.setdefault(each.table, []).append(each)
    shown = [_table(table, by_table.get(name, [])) for name, table in tables().items()]
    page = EvidencePage(
        sources=tuple(_sources(told)),
        filled=tuple(each for each in shown if each.sources),
        empty=tuple(each for each in shown if not each.sources),
    )
    return answer(request, "evidence", page, place="evidence")


@require_safe
def one_table(request: HttpRequest, name: str) -> HttpResponse:
    """Show one table's contract."""
    found = tables().get(name)
    if found is None:
        raise Http404(_("There is no table called %(name)s.") % {"name": name})
    page = TablePage(found, tuple(each for each in _last_told() if each.table == name))
    return answer(request, "table", page, place="evidence")


def _last_told() -> list[CollectedTable]:
    """Return what the last collection of each source in use said about each table; two queries."""
    last = (
        Collection.objects.filter(source__removed_at=None).values("source").annotate(last=Max("started_at")).values_list("source", "last")
    )
    newest = dict(last)
    rows = CollectedTable.objects.filter(collection__source__in=newest, collection__started_at__in=newest.values())
    rows = rows.select_related("collection__source").order_by("table", "collection__source__name")
    return [each for each in rows if newest[each.collection.source_id] == each.collection.started_at]


def _table(table: Table, told: Sequence[CollectedTable]) -> TableShown:
    return TableShown(table, tuple(each.collection.source.name for each in told), sum(each.rows for each in told))


def _sources(told: Sequence[CollectedTable]) -> list[SourceShown]:
    known = set(names())
    by_source: dict[int, list[CollectedTable]] = {}
    for each in told:
        by_source.setdefault(each.collection.source_id, []).append(each)
    found = []
    for source in ConfiguredSource.objects.filter(removed_at=None).order_by("name"):
        title = kind(source.kind).title if source.kind in known else source.kind
        found.append(_source(source, title, by_source.get(source.pk, [])))
    return found


def _source(source: ConfiguredSource, title: str, told: Sequence[CollectedTable]) -> SourceShown:
    collection = told[0].collection if told else None
    gaps = [(f"{each.table}.{gap['column']}", f"{gap['kind']}: {gap['why']}") for each in told for gap in each.gaps]
    return SourceShown(
        name=source.name,
        kind=source.kind,
        title=title,
        collection=collection,
        took=collection.finished_at - collection.started_at if collection else None,
        tables=tuple(told),
        rows=sum(each.rows for each in told),
        blind=tuple(gaps),
        cut_short=tuple((each.table, why) for each in told for why in each.cut_short),
    )
