"""Search: promises, measures, people, systems, findings, sources and records that contain some words and may be seen."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import clock, workspace
from upheld.accounts.role import Verb
from upheld.documents.publication import documents
from upheld.evidence.frame import ChangeFile
from upheld.evidence.history import rows_at
from upheld.evidence.table import tables
from upheld.registers.staff import Known, known
from upheld.sources.configured import in_use
from upheld.sources.frames import files
from upheld.verdicts.measures import known_of
from upheld.verdicts.models import Finding
from upheld.web.page import answer
from upheld.web.registers.searching import in_registers
from upheld.web.sight import Sight, sight
from upheld.web.wording import clipped

LONGEST = 200
SHORTEST = 2
FIRST_FEW = 8
MOST_WORDS = 8


@dataclass(frozen=True)
class Hit:
    """Something that was found: what it is called, where it is, and a few words more."""

    words: str
    address: str
    more: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind, the first few. `all_at` is where all of it is, "" where this is all or there is no such page."""

    name: str
    title: str
    hits: tuple[Hit, ...]
    all_at: str = ""


@dataclass(frozen=True)
class SearchPage:
    """What was asked for, and what was found. `too_short` where nothing was looked for."""

    words: str
    too_short: bool
    groups: tuple[Group, ...]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what contains all the words in `q`."""
    said = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    words = tuple(said.casefold().split()[:MOST_WORDS])
    too_short = max(map(len, words), default=0) < SHORTEST
    groups = () if too_short else tuple(_groups(sight(request), words, said))
    return answer(request, "search", SearchPage(said, too_short, groups), place="search")


def _groups(seen: Sight, words: tuple[str, ...], said: str) -> Iterator[Group]:
    everybody = known()
    people = _people(seen, words, everybody)
    parts: tuple[tuple[str, str, Callable[[], Iterable[Hit]]], ...] = (
        ("promises", _("Promises"), lambda: _promises(seen, words)),
        ("measures", _("Measures"), lambda: _measures(seen, words)),
        ("findings", _("Findings"), lambda: _findings(seen, words)),
        ("people", _("People"), lambda: [hit for _id, hit in people]),
        ("systems", _("Systems"), lambda: _systems(seen, words)),
        ("sources", _("Sources and tables"), lambda: _sources(seen, words)),
    )
    for name, title, find in parts:
        if hits := tuple(_first(find())):
            yield Group(name, title, hits)
    names = {id: each.name for id, each in everybody.items()}
    for found in in_registers(seen.person, words, [id for id, _hit in people], names):
        hits = tuple(Hit(each.words, reverse("record", args=[each.chapter, each.register, each.number])) for each in found.links)
        address = reverse("register", args=[found.chapter, found.name])
        yield Group(f"{found.chapter}-{found.name}", found.title, hits, f"{address}?{urlencode({'q': said})}")


def _first(hits: Iterable[Hit]) -> Iterator[Hit]:
    for _place, hit in zip(range(FIRST_FEW), hits, strict=False):
        yield hit


def _fits(words: Iterable[str], *texts: str) -> bool:
    text = " ".join(texts).casefold()
    return all(word in text for word in words)


def _promises(seen: Sight, words: tuple[str, ...]) -> Iterator[Hit]:
    if seen.person.may(Verb.SEE, "promises"):
        for document in (each.in_language(get_language()) for each in documents()):
            for promise in document.promises:
                if _fits(words, promise.id, promise.text) and seen.promise(document.id, promise):
                    yield Hit(promise.text, reverse("promise", args=[promise.id]), promise.id)


def _measures(seen: Sight, words: tuple[str, ...]) -> Iterator[Hit]:
    if seen.person.may(Verb.SEE, "measures"):
        for name, each in known_of(workspace.current()).items():
            if _fits(words, name, each.title) and seen.measure(name):
                yield Hit(each.title, reverse("measure", args=name.split("/")), name)


def _findings(seen: Sight, words: tuple[str, ...]) -> Iterator[Hit]:
    if not seen.person.may(Verb.SEE, "subjects"):
        return
    named = [name for name in known_of(workspace.current()) if seen.names(name)]
    found = Q()
    for word in words:
        found &= Q(label__icontains=word) | Q(detail__icontains=word) | Q(subject__icontains=word)
    for each in Finding.objects.filter(found, resolved_at=None, measure__in=named).order_by("-first_seen_at", "pk")[:FIRST_FEW]:
        yield Hit(f"{each.label}: {clipped(each.detail, 200)}", reverse("finding", args=[each.pk]), each.measure)


def _people(seen: Sight, words: tuple[str, ...], everybody: Mapping[str, Known]) -> list[tuple[str, Hit]]:
    """Return the first few people by id; a person has no page, and leads to the records that name them."""
    if not seen.person.may(Verb.SEE, "evidence"):
        return []
    found = []
    for id, each in everybody.items():
        if _fits(words, id, each.name):
            more = ", ".join(filter(None, (each.role, each.department, id)))
            found.append((id, Hit(each.name, f"{reverse('search')}?{urlencode({'q': id})}", more)))
            if len(found) == FIRST_FEW:
                break
    return found


def _systems(seen: Sight, words: tuple[str, ...]) -> Iterator[Hit]:
    if seen.person.may(Verb.SEE, "evidence"):
        used = {source.name for source in in_use()}
        for id, name in _system_names(tuple(file for file in files(table_name="systems") if file.source in used)):
            if _fits(words, id, name):
                yield Hit(name, reverse("table", args=["systems"]), id)


@lru_cache(maxsize=2)
def _system_names(read: tuple[ChangeFile, ...]) -> tuple[tuple[str, str], ...]:
    """Return every system as (id, name), from files that never change."""
    found = {}
    for source in sorted({file.source for file in read}):
        for row in rows_at([file for file in read if file.source == source], "systems", clock.now()):
            found[str(row["id"])] = str(row["name"] or row["id"])
    return tuple(found.items())


def _sources(seen: Sight, words: tuple[str, ...]) -> Iterator[Hit]:
    if not seen.person.may(Verb.SEE, "evidence"):
        return
    for source in in_use():
        if _fits(words, source.name, source.kind):
            yield Hit(source.name, f"{reverse('evidence')}#{source.name}", source.kind)
    for name, table in tables().items():
        if _fits(words, name, table.title):
            yield Hit(table.title, reverse("table", args=[name]), name)
