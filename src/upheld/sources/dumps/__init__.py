"""Source kind `dumps`: a folder of database dumps, each read to its end, and restored into a scratch server where there is one."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.evidence.table import Row
from upheld.sources.dumps.get import Found, dumps, is_archive, read_to_its_end
from upheld.sources.dumps.restore import Scratch
from upheld.sources.dumps.shape import backup_id, backup_row, still_read, test_row, to_restore
from upheld.sources.restic.manifest import Compared
from upheld.sources.source import Misconfigured, Setting, SourceError


@dataclass(frozen=True)
class Dumps:
    """One folder of dumps."""

    folder: Path
    settings: Mapping[str, str]

    def _found(self) -> list[Found]:
        try:
            return list(dumps(self.folder))
        except OSError as error:
            raise SourceError(f"{self.folder} cannot be listed: {error.strerror}: give the collector read on it", permanent=True) from error

    def test(self) -> str:
        """Return how many dumps there are; raises `SourceError`."""
        return f"{len(self._found())} dumps in {self.folder}"

    def collect(self, into: Collecting) -> None:
        """Read each dump that was not read lately to its end; restore the newest of each system if that is due."""
        found = self._found()
        rows = self._backups(into, found)
        if "backups" in into.seen:
            into.rows("backups", rows)
            into.unsupported("backups", "started_at", "a file does not say when its writing began")
            into.unsupported("backups", "automatic", "a file does not say who made it")
        if "restore_tests" in into.seen:
            self._restores(into, {backup_id(str(self.folder), one.name): one for one in found}, rows)

    def _backups(self, into: Collecting, found: Sequence[Found]) -> list[Row]:
        known, every, rows = list(into.known("backups")), timedelta(days=float(self.settings["check_every"])), list[Row]()
        for number, one in enumerate(found):
            into.progress("reading dumps to their end", number, len(found))
            before = still_read(one, str(self.folder), known, clock.now(), every)
            if before is not None:
                rows.append(before)
                continue
            read = read_to_its_end(one, pg_restore=self.settings["pg_restore"], seconds=float(self.settings["patience"]))
            rows.append(
                backup_row(str(self.folder), one, read, clock.now(), system=self.settings["system"], region=self.settings["region"])
            )
            if read.complete is None and "backups" in into.seen:
                into.denied("backups", "complete", read.why)
            elif read.complete is False:
                into.note(f"{one.name}: {read.why}")
        return rows

    def _restores(self, into: Collecting, found: Mapping[str, Found], rows: Sequence[Row]) -> None:
        before = list(into.known("restore_tests"))
        into.rows("restore_tests", before)
        if not self.settings["scratch"]:
            into.note("no dump was restored: name a scratch server, and restores are proven")
            return
        scratch = Scratch(self.settings["scratch"], self.settings["pg_restore"], float(self.settings["patience"]))
        by_id = {str(row["id"]): row for row in rows}
        for word in to_restore(rows, before, clock.now(), timedelta(days=float(self.settings["restore_every"]))):
            into.progress("restoring", 0)
            started_at, started = clock.now(), time.monotonic()
            try:
                compared = _proven(scratch, found[word])
            except (SourceError, OSError) as error:
                into.cut_short("restore_tests", str(error))
                continue
            took = timedelta(seconds=round(time.monotonic() - started, 3))
            into.rows("restore_tests", [test_row(by_id[word], started_at, took, compared)])


def _proven(scratch: Scratch, one: Found) -> Compared:
    if not is_archive(one.path):
        return Compared(None, 0, "plain SQL is not restored, since psql would run what it says: dump with pg_dump -Fc")
    return scratch.prove(one.path, one.path.with_name(f"{one.name}.manifest.json"))


class DumpsKind:
    """What `upheld source add ... dumps` needs."""

    name: ClassVar[str] = "dumps"
    title: ClassVar[str] = "Folder of database dumps"
    tables: ClassVar[Sequence[str]] = ("backups", "restore_tests")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("folder", "where the dumps lie: pg_dump's archives, plain SQL, or plain SQL packed with gzip"),
        Setting("system", "systems.id they are of; empty for what stands before the date in each name", ""),
        Setting("check_every", "days after which a dump that could be read is read again", "7"),
        Setting("scratch", "secret with the connection string of a PostgreSQL to restore into; empty for none", "", secret=True),
        Setting("restore_every", "days between restores of a system", "7"),
        Setting("pg_restore", "the program that reads archives", "pg_restore"),
        Setting("region", "where the folder is stored", ""),
        Setting("patience", "seconds that reading or restoring one dump may take", "7200"),
    )
    least_rights: ClassVar[str] = "Read on the folder; on the scratch server a role with CREATEDB that is no superuser."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Dumps:
        """Return the folder; raises `Misconfigured` naming the setting that is wrong."""
        for name in ("check_every", "restore_every", "patience"):
            try:
                float(settings[name])
            except ValueError as error:
                raise Misconfigured(f"{name} {settings[name]!r} is not a number") from error
        return Dumps(Path(settings["folder"]).expanduser(), settings)


DUMPS = DumpsKind()
