"""The same tables, guards and write path on a real PostgreSQL, with several writers at once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import required

from upheld.lab.service import free_port
from upheld.workspace import Workspace

BINARIES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), None)
pytestmark = pytest.mark.lab

SCENARIO = """
import subprocess, sys, threading
import django
django.setup()
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from upheld.ledger import canonical, entry, guards, history, keys, openings, reading, rotating, sequencer, signers, standing, store, tables
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.witness import cosigner, request, watching
from upheld.ledger.append import append

call_command("migrate", verbosity=0)
sequencer.init("example.com/ledger/main/1")
assert guards.missing() == [], guards.missing()

def write(turns):
    for turn in range(turns):
        with transaction.atomic():
            for n in range(3):
                append("thing.happened", body={"turn": turn, "n": n}, personal={"name": "Alice"})
    connection.close()

writers = [threading.Thread(target=write, args=(40,)) for _ in range(8)]
for writer in writers:
    writer.start()
while any(writer.is_alive() for writer in writers):
    sequencer.sequence()
done = sequencer.sequence()
log = store.current()
assert done.size == 1 + 8 * 40 * 3, done
report = reading.verify(log, sequencer.verification_key(log))
assert report.holds, report.failed
emitters = {entry.read(canonical.read(data)).emitter for data in log.entries(0, done.size)}
assert 1 < len(emitters) <= 24, emitters

try:
    with transaction.atomic():
        append("thing.happened", body={})
        raise ZeroDivisionError
except ZeroDivisionError:
    pass
assert log.waiting() == 0

with transaction.atomic():
    name = append("thing.happened", body={}, subject=("person", "psn_1"), personal={"name": "Alice"})
assert openings.entries_naming("person", "psn_1") == [name]
assert openings.opened(name)["name"].value == "Alice"

for statement in (
    "UPDATE ledger_entry SET data = '' WHERE position = 0", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry",
    "INSERT INTO ledger_entry VALUES (0, '') ON CONFLICT (position) DO UPDATE SET data = excluded.data",
    "UPDATE ledger_tile SET root = ''", "DELETE FROM ledger_checkpoint", "TRUNCATE ledger_log", "DELETE FROM ledger_outbox",
    "UPDATE ledger_emitter SET n = 0", "UPDATE ledger_opening SET sealed = ''", "TRUNCATE ledger_opening",
):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        assert "append-only" in str(error), error
    else:
        raise AssertionError(statement)

with connection.cursor() as cursor:
    cursor.execute("SET synchronous_commit = off")
try:
    sequencer.sequence()
except sequencer.NotDurable:
    pass
else:
    raise AssertionError("signed without durable commits")
with connection.cursor() as cursor:
    cursor.execute("SET synchronous_commit = on")
assert sequencer.sequence().placed == 1
assert sequencer.new_shard("to see it").origin == "example.com/ledger/main/2"
assert sequencer.status().wrong == ()

# A key handed over, who vouches, gaps, and a record's history, with the emitters that PostgreSQL has several of.
writers = [threading.Thread(target=write, args=(3,)) for _ in range(4)]
for writer in writers:
    writer.start()
for writer in writers:
    writer.join()
done = rotating.rotate("to see it")
log = store.current()
assert reading.verify(log, signers.policy(log)).failed == []
assert standing.standing(log).wrong == ()
assert [each.kind for each in history.history("key", done.new.id.hex())] == ["key.rotated"]
assert history.history("key", done.new.id.hex(), known=(log.origin, done.size)) == []
theirs = keys.FileSigner("theirs.example/ledger/main/1", bytes(32))
watching.watch(theirs.key)
asked = request.Request(0, (), keys.sign(Checkpoint(theirs.key.name, 5, bytes(32)), theirs).encode()).text()
assert cosigner.add_checkpoint(asked).startswith("\N{EM DASH}".encode())

# What is made at once is what the migrations made.
def has(schema):
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {schema}")
        cursor.execute('''
            SELECT 'column', table_name, column_name,
                   concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default, is_identity)
              FROM information_schema.columns WHERE table_schema = current_schema
            UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
              FROM pg_constraint WHERE connamespace = current_schema::regnamespace
            UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema
            UNION ALL SELECT 'guard', tgrelid::regclass::text, tgname, pg_get_triggerdef(trigger.oid) FROM pg_trigger AS trigger
              JOIN pg_class AS class ON class.oid = tgrelid WHERE relnamespace = current_schema::regnamespace AND NOT tgisinternal
            UNION ALL SELECT 'function', '', proname, prosrc FROM pg_proc WHERE pronamespace = current_schema::regnamespace
        ''')
        return {(*named, definition.replace(f"{schema}.", "")) for *named, definition in cursor.fetchall()}

migrated = has("public")
with connection.cursor() as cursor:
    cursor.execute("CREATE SCHEMA at_once")
    cursor.execute("SET search_path = at_once")
assert (tables.make(), tables.make()) == (True, False)
other = has("at_once") ^ migrated
# Of a table of Django's own, which nothing here uses: 4 bytes as it is declared, 8 by its migrations.
width = ("column", "auth_group_permissions", "id")
assert len(migrated) > 2000 and other == {(*width, "integer NO YES"), (*width, "bigint NO YES")}, sorted(other)[:20]
print("all held")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Yield the environment of a workspace on a PostgreSQL of our own, on a free port."""
    if BINARIES is None:
        if required():
            pytest.fail("PostgreSQL is not installed: make lab installs it")
        pytest.skip("PostgreSQL is not installed: make lab installs it")
    port = str(free_port())
    home = Path("/tmp") / f"upheld-ledger-{os.getpid()}"  # short, for the socket's path
    home.mkdir(mode=0o755)
    as_owner = []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
        as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    start = [*as_owner, str(BINARIES / "pg_ctl"), "-D", str(home / "db"), "-w"]
    subprocess.run(
        [*as_owner, str(BINARIES / "initdb"), "-D", str(home / "db"), "-A", "trust", "-U", "upheld"], check=True, capture_output=True
    )
    options = f"-p {port} -k {home} -c listen_addresses='' -c shared_buffers=16MB"
    subprocess.run([*start, "-l", str(home / "log"), "-o", options, "start"], check=True, capture_output=True)
    try:
        tmp_path = tmp_path_factory.mktemp("postgresql")
        space = Workspace(tmp_path / "workspace")
        space.create()
        (tmp_path / "service").write_text(f"[upheld]\nhost={home}\nport={port}\nuser=upheld\ndbname=postgres\n")
        here = {"DJANGO_SETTINGS_MODULE": "upheld.settings", "UPHELD_WORKSPACE": str(space.root), "PATH": ""}
        yield {**here, "UPHELD_DATABASE": "upheld", "PGSERVICEFILE": str(tmp_path / "service")}
    finally:
        subprocess.run([*start, "-m", "immediate", "stop"], check=True, capture_output=True)
        shutil.rmtree(home)


KILLED = """
import os, signal, threading, time
import django
django.setup()
from django.db import DatabaseError, connection, transaction
from upheld.ledger import reading, sequencer, store, tables
from upheld.ledger.append import Draft, append, append_all

tables.make()
sequencer.init("example.com/ledger/main/1")
sequencer.sequence()
log = store.current()
kept, before = [], log.size()

def survive():
    connection.close()
    for attempt in range(1200):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            return
        except DatabaseError:
            connection.close()
            time.sleep(0.05)
    raise AssertionError("the server does not come back")

def killed(work, after):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    timer = threading.Timer(after, os.kill, (pid, signal.SIGKILL))
    timer.start()
    try:
        found = work()
        timer.cancel()
    except DatabaseError:
        found = None
    survive()
    return found

def bulk():
    with transaction.atomic():
        return append_all(Draft("thing.happened", {"n": n}) for n in range(3000))

hit = 0
for turn, (work, after) in enumerate([(bulk, 0.005), (bulk, 9), (sequencer.sequence, 0.02), (sequencer.sequence, 0.1), (bulk, 9)]):
    found = killed(work, after)
    hit += found is None
    if work is bulk and found:
        kept += found
    size = log.size()
    unacknowledged = size + log.waiting() - before - len(kept)  # committed, and killed before that was said
    assert unacknowledged in range(0, 3000 * hit + 1, 3000), (turn, size, log.waiting(), len(kept))
    last = log.checkpoint()
    assert last[0] <= size and sequencer.status().mark_ok
assert hit and len(kept) >= 6000, (hit, len(kept))
done = sequencer.sequence()
assert done.size >= before + len(kept)
assert before <= log.index_of(kept[0]) < log.index_of(kept[-1]) < done.size
report = reading.verify(log, sequencer.verification_key(log))
assert report.holds, report.failed
print("all held")
"""


def test_the_ledger_holds_on_postgresql(server: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-c", SCENARIO], env=server, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr[-2000:]) == (0, "all held\n", "")


def test_a_backend_killed_while_it_writes_loses_nothing_that_was_acknowledged(server: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], env=server, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (0, "all held\n"), done.stderr[-2000:]
