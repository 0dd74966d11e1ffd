"""Guard every table of the ledger against change."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from upheld.ledger import guards


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards in place."""
    guards.create(schema_editor.connection)


class Migration(migrations.Migration):
    """The guards; there is no way back, since a ledger without them is none."""

    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(create)]
