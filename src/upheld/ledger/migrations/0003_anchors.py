"""Tables for keys that took over, witnesses, authorities, logs watched, forks found, and who says what of a checkpoint when."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from upheld.ledger import guards


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards of the new tables in place."""
    guards.create(schema_editor.connection, guards.SINCE_ROTATION)


class Migration(migrations.Migration):
    """The tables, and their guards; there is no way back."""

    dependencies = [
        ("ledger", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("url", models.TextField()),
                ("roots", models.TextField()),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(default="")),
            ],
            options={
                "verbose_name_plural": "authorities",
            },
        ),
        migrations.CreateModel(
            name="ForkFound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=255)),
                ("found_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("proof", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("pk", models.CompositePrimaryKey("link", "position", blank=True, editable=False, primary_key=True, serialize=False)),
                ("link", models.BigIntegerField()),
                ("position", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("pk", models.CompositePrimaryKey("log", "after", blank=True, editable=False, primary_key=True, serialize=False)),
                ("log", models.IntegerField()),
                ("after", models.BigIntegerField()),
                ("key", models.TextField()),
                ("note", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Watched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=255)),
                ("keys", models.TextField()),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Witness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("url", models.TextField()),
                ("key", models.TextField()),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(default="")),
            ],
        ),
        migrations.AddField(
            model_name="anchor",
            name="at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="anchor",
            name="by",
            field=models.CharField(max_length=200, null=True),
        ),
        migrations.AddField(
            model_name="anchor",
            name="request",
            field=models.BinaryField(null=True),
        ),
        migrations.AddIndex(
            model_name="anchor",
            index=models.Index(fields=["log", "kind", "by", "size"], name="ledger_anchor_by"),
        ),
        migrations.AddConstraint(
            model_name="authority",
            constraint=models.UniqueConstraint(condition=models.Q(("removed_at", None)), fields=("name",), name="ledger_authority_name"),
        ),
        migrations.AddConstraint(
            model_name="watched",
            constraint=models.UniqueConstraint(condition=models.Q(("removed_at", None)), fields=("origin",), name="ledger_watched_origin"),
        ),
        migrations.AddConstraint(
            model_name="witness",
            constraint=models.UniqueConstraint(condition=models.Q(("removed_at", None)), fields=("name",), name="ledger_witness_name"),
        ),
        migrations.AddConstraint(
            model_name="witness",
            constraint=models.UniqueConstraint(condition=models.Q(("removed_at", None)), fields=("key",), name="ledger_witness_key"),
        ),
        migrations.RunPython(guard),
    ]
