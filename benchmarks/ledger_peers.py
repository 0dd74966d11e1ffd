"""What others take: logging a save in Django, proving an entry: `python -m benchmarks.ledger_peers`. CPU time, best of several.

Compared with are django-auditlog, django-simple-history and pymerkle (`pip install upheld[bench]`), each on a durable SQLite file. Only
pymerkle proves anything; the other two write rows that whoever owns the database changes unnoticed. What is not installed is named.
Not compared: immudb and Tessera (servers in Go, which cannot be built here), hash-chained log packages (no proof of one entry).
"""

import importlib.util
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.ledger_fill import best, cpu, say

SAVES = 1000
LEAVES = 100_000
PEERS = {"none": "", "auditlog": "django-auditlog", "simple_history": "django-simple-history"}


def main() -> None:
    """Run each peer in a process of its own, since Django is set up once in each."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    for name, package in PEERS.items():
        if package and importlib.util.find_spec(name) is None:
            print(f"{package} is not installed: pip install upheld[bench]")
            continue
        subprocess.run([sys.executable, "-m", "benchmarks.ledger_peers", name], check=True)
    if importlib.util.find_spec("pymerkle") is None:
        print("pymerkle is not installed: pip install upheld[bench]")
    else:
        prove()


def measure(peer: str) -> None:
    """Print what creating and updating a row costs with `peer` looking on, 1,000 a transaction."""
    with tempfile.TemporaryDirectory(prefix="upheld-benchmark-") as scratch:
        model = _model(peer, Path(scratch))
        from django.db import transaction

        def create() -> None:
            with transaction.atomic():
                for number in range(SAVES):
                    model.objects.create(name=f"account{number}", state="active", owner=number)

        def update() -> None:
            with transaction.atomic():
                for one in model.objects.all()[:SAVES]:
                    one.state = random.choice("abcdefgh")
                    one.owner += 1
                    one.save()

        create()
        what = f"with {PEERS[peer]}" if PEERS[peer] else "with nothing"
        say(f"Model.save, new row, {what}", best(create, SAVES), "")
        say(f"Model.save, changed row, {what}", best(update, SAVES), "")


def _model(peer: str, scratch: Path) -> Any:
    """Return a model whose changes `peer` logs, in a database of its own."""
    import django
    from django.conf import settings

    durable = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": scratch / "peer.sqlite3", "OPTIONS": {"init_command": durable}}
    apps = ["django.contrib.contenttypes", "django.contrib.auth", *([peer] if peer != "none" else [])]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    settings.configure(
        DATABASES={"default": database}, INSTALLED_APPS=apps, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True
    )
    django.setup()
    from django.core.management import call_command
    from django.db import connection, models

    fields: dict[str, Any] = {
        "__module__": __name__,
        "Meta": type("Meta", (), {"app_label": "auth"}),
        "name": models.CharField(max_length=100),
        "state": models.CharField(max_length=20),
        "owner": models.IntegerField(),
    }
    if peer == "simple_history":
        from simple_history.models import HistoricalRecords

        fields["history"] = HistoricalRecords(app="auth")
    model = type("Account", (models.Model,), fields)
    call_command("migrate", verbosity=0, interactive=False)
    with connection.schema_editor() as editor:
        editor.create_model(model)
        if peer == "simple_history":
            editor.create_model(model.history.model)
    if peer == "auditlog":
        from auditlog.registry import auditlog

        auditlog.register(model)
    return model


def prove() -> None:
    """Print what pymerkle takes to append to, and prove from, a tree of 100,000 on SQLite."""
    from pymerkle import SqliteTree

    with tempfile.TemporaryDirectory(prefix="upheld-benchmark-") as scratch:
        tree = SqliteTree(str(Path(scratch) / "tree.sqlite3"), algorithm="sha256")
        entries = [os.urandom(250) for _ in range(LEAVES)]
        append: Callable[[], object] = lambda: tree.append_entries(entries)  # noqa: E731
        say(f"pymerkle SqliteTree, append {LEAVES:,} at once, without entries' form", cpu(append, LEAVES), "ours: benchmarks.ledger_append")
        size = tree.get_size()
        places = [random.randrange(1, size + 1) for _ in range(10)]
        taken = [cpu(lambda at=at: tree.prove_inclusion(at, size), 1) for at in places]
        say(f"pymerkle SqliteTree, inclusion proof of {size:,}", sorted(taken)[5], "ours at 10 M: benchmarks.ledger_proofs")


if __name__ == "__main__":
    main()
