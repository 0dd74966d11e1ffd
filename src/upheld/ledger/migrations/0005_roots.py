"""Roots of tiles lie together in an index: a proof in a long log reads hundreds of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The index."""

    dependencies = [
        ("ledger", "0004_spans"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="tile",
            index=models.Index(fields=["log", "level", "n", "root"], name="ledger_tile_root"),
        ),
    ]
