"""Adding, removing and opening sources: each change is an entry of the ledger; secrets stay references."""

from collections.abc import Mapping

from django.db import transaction

from upheld import clock
from upheld.ledger.append import append
from upheld.sources.models import ConfiguredSource
from upheld.sources.source import Misconfigured, Source, SourceKind, complete, kinds


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


def kind_of(source: ConfiguredSource) -> SourceKind:
    """Return the kind of `source`; raises `Misconfigured` when the package that brought it is gone."""
    return kind_named(source.kind)


def kind_named(name: str) -> SourceKind:
    """Return the kind called `name`; raises `Misconfigured` naming those there are."""
    found = kinds().get(name)
    if found is None:
        raise Misconfigured(f"there is no kind of source called {name!r}; there are {', '.join(sorted(kinds()))}")
    return found


def connect(source: ConfiguredSource) -> Source:
    """Return a connection to `source`, with defaults filled in and secrets resolved; contacts nothing yet."""
    kind = kind_of(source)
    return kind.connect(complete(kind, source.settings))


def add(name: str, kind: str, settings: Mapping[str, str]) -> ConfiguredSource:
    """Put a source of `kind` into use under `name`; raises `Misconfigured` for a bad setting or a name in use.

    Its collections fall under the standing window that is agreed by adding it.
    """
    found = kind_named(kind)
    if ConfiguredSource.objects.filter(name=name, removed_at=None).exists():
        raise Misconfigured(f"a source called {name!r} is in use; remove it first, or choose another name")
    found.connect(complete(found, settings))
    with transaction.atomic():
        source = ConfiguredSource(name=name, kind=kind, settings=dict(settings), added_at=clock.now())
        source.full_clean(exclude=["settings"])
        source.save()
        append(
            "source.added",
            subject=("source", name),
            body={"kind": kind, "tables": sorted(found.tables), "settings": sorted(settings)},
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
    known = kinds()
    return sorted({known[source.kind].notice for source in in_use() if source.kind in known and known[source.kind].notice})
