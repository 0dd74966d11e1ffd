"""Eight writers on PostgreSQL, through the outbox and by the lock that it saves; and bulks: `python -m benchmarks.ledger_postgresql`.

Writers are counted by the clock, both ways on one server with fsync; bulks and sequencing in CPU seconds of client and backend.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.ledger_fill import Facts, say, workspace

from upheld.lab.postgres import OWNER, PASSWORD, Postgres

WRITERS = 8
BULK = 20_000
_OTHER_LOG = 7 << 40  # positions that the real log never comes to


def main() -> None:
    """Start a server, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long the writers write")
    parser.add_argument("--writer", choices=("outbox", "lock"), help="be one of the writers")
    options = parser.parse_args()
    if options.writer:
        print(write(options.writer, options.seconds))
        return
    with Postgres(configuration=("fsync = on", "log_connections = off", "log_min_messages = fatal")) as server, workspace_on(server):
        from upheld.ledger import reading, sequencer, store

        rates = {way: writers(way, options.seconds) for way in ("outbox", "lock")}
        print(f"{WRITERS} writers through the outbox         {rates['outbox']:8,.0f} entries/s by the clock")
        times = rates["outbox"] / rates["lock"]
        print(f"{WRITERS} writers, the log's lock to commit  {rates['lock']:8,.0f} entries/s by the clock: {times:.1f} x   aim >= 3 x")
        sequencer.sequence()
        for _ in range(3):
            measure(bulk, f"{BULK:,} in bulk into the outbox, by COPY")
            measure(sequencer.sequence, "sequence them: recognise, place by COPY, recompute, sign")
        log = store.current()
        assert log is not None
        report = reading.verify(log, sequencer.verification_key(log))
        if not report.holds:
            raise SystemExit(report.text())


def workspace_on(server: Postgres):  # type: ignore[no-untyped-def]  # a context manager of `workspace`
    """Return a workspace whose database is on `server`."""
    service = server.folder / "service"
    place = {"host": "127.0.0.1", "port": server.port, "dbname": "postgres", "user": OWNER, "password": PASSWORD}
    lines = "".join(f"{name}={value}\n" for name, value in {**place, "sslmode": "disable"}.items())
    service.write_text(f"[upheld]\n{lines}")
    server.set_hba("host all all 127.0.0.1/32 scram-sha-256", "local all all scram-sha-256", "hostssl all all 127.0.0.1/32 scram-sha-256")
    os.environ.update(PGSERVICEFILE=str(service), UPHELD_DATABASE="upheld")
    return workspace()


def writers(way: str, seconds: float) -> float:
    """Return how many entries a second all writers committed."""
    command = [sys.executable, "-m", "benchmarks.ledger_postgresql", "--writer", way, "--seconds", str(seconds)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(WRITERS)]
    return sum(float(process.communicate()[0]) for process in running)


def write(way: str, seconds: float) -> float:
    """Write one entry a transaction for `seconds`, once the others have had time to start; return how many a second."""
    import django

    django.setup()
    one = through_the_outbox if way == "outbox" else by_the_lock
    told = Facts(os.getpid()).bodies(1000)
    one(*told[0])
    time.sleep(3.0)
    written, start = 0, time.monotonic()
    while time.monotonic() - start < seconds:
        one(*told[written % 1000])
        written += 1
    return written / (time.monotonic() - start)


def through_the_outbox(body: dict[str, object], subject: tuple[str, str]) -> None:
    """Append an entry in a transaction of its own."""
    from django.db import transaction

    from upheld.ledger.append import append

    with transaction.atomic():
        append("verdict.changed", body=body, subject=subject)  # type: ignore[arg-type]


def by_the_lock(body: dict[str, object], subject: tuple[str, str]) -> None:
    """Do what giving each entry its place in its own transaction would take at the least: neither hashed nor counted."""
    from django.db import connection, transaction

    from upheld.ledger import canonical

    data = canonical.write({"body": body, "subject": list(subject), "about": "x" * 200})  # type: ignore[dict-item]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7)")
        cursor.execute("SELECT coalesce(max(position), %s) + 1 FROM ledger_entry WHERE position > %s", [_OTHER_LOG, _OTHER_LOG])
        (position,) = cursor.fetchone()
        cursor.execute("INSERT INTO ledger_entry (position, data) VALUES (%s, %s)", [position, data])


def bulk() -> None:
    """Append many entries in one transaction."""
    from django.db import transaction

    from upheld.ledger.append import Draft, append_all

    with transaction.atomic():
        append_all(Draft("verdict.changed", body, subject) for body, subject in Facts().bodies(BULK))


def measure(work: Callable[[], object], what: str) -> None:
    """Print what `work` on `BULK` entries takes of client and backend."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    start, before = time.process_time(), used(backend)
    work()
    client, server = time.process_time() - start, used(backend) - before
    say(f"{what}: client {client / BULK * 1e6:.1f} us, backend {server / BULK * 1e6:.1f} us", (client + server) / BULK * 1e6, "")


def used(pid: int) -> float:
    """Return the CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
