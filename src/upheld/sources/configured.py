"""Adding, removing and opening sources: each change is an entry of the ledger; secrets stay references."""

from collections.abc import Mapping

from django.db import transaction

from upheld import clock
from upheld.ledger.append import append
from upheld.sources.models import ConfiguredSource
from upheld.sources.source import Misconfigured, Source, complete, kind, names


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
    """Put a source of the kind `kind_name` into use under `name`; raises `Misconfigured` for a bad setting or a name in use.

    Its collections fall under the standing window that is agreed by adding it.
    """
    found = kind(kind_name)
    if ConfiguredSource.objects.filter(name=name, removed_at=None).exists():
        raise Misconfigured(f"a source called {name!r} is in use; remove it first, or choose another name")
    found.connect(complete(found, settings))
    with transaction.atomic():
        source = ConfiguredSource(name=name, kind=kind_name, settings=dict(settings), added_at=clock.now())
        source.full_clean(exclude=["settings"])
        source.save()
        append(
            "source.added",
            subject=("source", name),
            body={"kind": kind_name, "tables": sorted(declared(source)), "settings": sorted(settings)},
        )
    return source


def remove(name: str) -> None:
    """Take the source called `name` out of use. What it collected stays; what only it filled becomes unproven."""
    source = named(name)
    with transaction.atomic():
        source.removed_at = clock.now()
        source.save(update_fields=["removed_at"])
        append("source.removed", subject=("source", name), body={"kind": source.kind})


def notices() -> list[str]:
    """Return what every page must say about the sources in use, such as that the data are a sample."""
    in_use_kinds = {source.kind for source in in_use()} & set(names())
    return sorted({kind(name).notice for name in in_use_kinds} - {""})
