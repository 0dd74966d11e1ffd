"""Adding, removing and opening sources: each change is an entry of the ledger; secrets stay references."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q

from upheld import clock
from upheld.ledger.append import append
from upheld.sources.models import ConfiguredSource
from upheld.sources.source import Misconfigured, Source, absolute, complete, kind, names


def in_use() -> list[ConfiguredSource]:
    """Return the sources in use, by name."""
    return list(ConfiguredSource.objects.filter(removed_at=None).order_by("name"))


def named(name: str) -> ConfiguredSource:
    """Return the source in use called `name`; raises `Misconfigured` naming those there are."""
    found = ConfiguredSource.objects.filter(name=name, removed_at=None).first()
    if found is None:
        there = ", ".join(source.name for source in in_use()) or "none"
        raise Misconfigured(f"there is no source called {name!r}; in use: {there}")
    return found


def connect(source: ConfiguredSource) -> Source:
    """Return a connection to `source`, with defaults filled in and secrets resolved; contacts nothing yet."""
    its = kind(source.kind)
    return its.connect(complete(its, source.settings))


def declared(source: ConfiguredSource) -> list[str]:
    """Return the tables that `source` fills: the one it is set to, where its kind lets it choose; none if its kind is gone."""
    if source.kind not in names():
        return []
    chosen, tables = source.settings.get("table"), kind(source.kind).tables
    return [chosen] if chosen in tables else list(tables)


def add(name: str, kind_name: str, settings: Mapping[str, str]) -> ConfiguredSource:
    """Put a source of the kind `kind_name` into use under `name`; raises `Misconfigured` for a bad setting or a name ever used.

    Its collections fall under the standing window that is agreed by adding it. Paths are stored absolute.
    """
    found = kind(kind_name)
    _refuse_name(name)
    placed = absolute(found, settings)
    found.connect(complete(found, placed))
    with transaction.atomic():
        source = ConfiguredSource.objects.create(name=name, kind=kind_name, settings=placed, added_at=clock.now())
        append(
            "source.added",
            subject=("source", name),
            body={"kind": kind_name, "tables": sorted(declared(source)), "settings": sorted(settings)},
        )
    return source


def _refuse_name(name: str) -> None:
    """Refuse a `name` that cannot be one, and one that was ever used: history keeps what its source saw under that name."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", name):
        raise Misconfigured(f"{name[:80]!r} cannot name a source: use letters (a to z), digits, hyphens and underscores, at most 60")
    used = ConfiguredSource.objects.filter(name__iexact=name)
    if there := used.filter(removed_at=None).first():
        raise Misconfigured(f"a source called {there.name!r} is in use: choose another name")
    if gone := used.first():
        until = f"{gone.removed_at:%Y-%m-%d}"
        raise Misconfigured(f"a source called {gone.name!r} was used until {until}; what it saw keeps that name, so choose another one")


def remove(name: str) -> None:
    """Take the source called `name` out of use. What it collected stays; what only it filled becomes unproven."""
    source = named(name)
    with transaction.atomic():
        source.removed_at = clock.now()
        source.save(update_fields=["removed_at"])
        append("source.removed", subject=("source", name), body={"kind": source.kind})


def read_last() -> dict[ConfiguredSource, datetime | None]:
    """Return when each source in use was read last, None for never; one query."""
    believed = Max("collections__started_at", filter=Q(collections__set_aside_at=None))
    return {source: source.read_at for source in ConfiguredSource.objects.filter(removed_at=None).annotate(read_at=believed)}


def notices(sources: Iterable[ConfiguredSource]) -> list[str]:
    """Return what every page must say about `sources`, which are in use, such as that the data are a sample."""
    its_kinds = {source.kind for source in sources} & set(names())
    return sorted({kind(name).notice for name in its_kinds} - {""})
