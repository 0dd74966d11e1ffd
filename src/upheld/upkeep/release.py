"""Whether a workspace's tables are those of this release, older or newer ones."""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from upheld import workspace
from upheld.ledger import tables
from upheld.ledger.models import Log
from upheld.ledger.store import current
from upheld.upkeep.errors import FromNewerRelease, NotUpgraded


@dataclass(frozen=True)
class Standing:
    """Changes of tables by name (app/name): those `due`, and those that were applied and this release does not know."""

    due: tuple[str, ...]
    unknown: tuple[str, ...]


def standing() -> Standing:
    """Return how the tables of the current database stand to this release. Imports no migration, so that every command can ask."""
    applied = {f"{app}/{name}" for app, name in MigrationRecorder(connection).applied_migrations()}
    known = {f"{app}/{name}" for app, name in tables.changes()}
    own = tuple(f"{config.label}/" for config in apps.get_app_configs() if config.name.startswith("upheld."))
    return Standing(tuple(sorted(known - applied)), tuple(sorted(name for name in applied - known if name.startswith(own))))


def applied() -> dict[str, list[str]]:
    """Return the changes of tables that the current database has had, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def require_this() -> None:
    """Raise `NotUpgraded` or `FromNewerRelease`, with what to do, unless the current workspace is of this release."""
    require_not_newer()
    if due := standing().due:
        if cut_short():
            raise NotUpgraded(f"{workspace.current().root} was not made whole: upheld init was stopped. Run it again.")
        raise NotUpgraded(
            f"{workspace.current().root} was made by an older release ({len(due)} changes of its tables are due). "
            "Upgrade it: upheld upgrade takes a backup first, and changes nothing unless all of it goes well."
        )


def cut_short() -> bool:
    """Whether the database has tables and no log, which `init` begins last: nothing was ever kept in it."""
    return Log._meta.db_table not in connection.introspection.table_names() or current() is None


def require_not_newer() -> None:
    """Raise `FromNewerRelease` where the current workspace has seen a release after this."""
    if unknown := standing().unknown:
        raise FromNewerRelease(
            f"{workspace.current().root} was used by a newer release than this ({', '.join(unknown[:3])} is not known here). "
            "Nothing was changed: install that release, or restore a backup that this one took."
        )
