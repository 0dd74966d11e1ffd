"""The tables of a new database, made at once: some seconds of a processor less than by every change that there ever was of them."""

from pathlib import Path

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from upheld.ledger import guards


def make() -> bool:
    """Make all tables and guards in one transaction, and say of each change that it was applied; False where there are tables already.

    What comes of it is what the migrations make of an empty database, but for the order of columns: tests/ledger/test_tables.py compares.
    """
    with connection.schema_editor() as editor:
        if connection.introspection.table_names():
            return False
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        guards.create_all(connection)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        recorder.migration_qs.bulk_create(recorder.Migration(app=app, name=name) for app, name in changes())
        emit_post_migrate_signal(0, False, connection.alias)
    return True


def changes() -> list[tuple[str, str]]:
    """Return app and name of every change of tables that this release has, found by the names of its files: none is imported."""
    places = ((config.label, Path(config.path) / "migrations") for config in apps.get_app_configs())
    return sorted((label, path.stem) for label, folder in places for path in folder.glob("*.py") if path.stem != "__init__")
