"""Source kind `restic`: which backups there are, whether the repository is intact, and restores that are really run."""

import random
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.evidence.table import Row
from upheld.sources.restic.get import Done, Restic
from upheld.sources.restic.manifest import Compared, by_manifest, by_source
from upheld.sources.restic.shape import (
    CONTENTS,
    Belongs,
    Checked,
    Snapshot,
    Told,
    backup_row,
    belongings,
    checked_before,
    snapshots,
    test_row,
    to_restore,
    total_size,
)
from upheld.sources.source import Misconfigured, Setting

SPARE_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Backups:
    """One repository."""

    restic: Restic
    rules: tuple[Belongs, ...]
    told: Told
    settings: Mapping[str, str]

    def test(self) -> str:
        """Return how many snapshots there are; raises `SourceError`."""
        found = snapshots(self.restic.snapshots(), self.rules)
        systems = sorted({snapshot.system for snapshot in found})
        return f"{len(found)} snapshots of {', '.join(systems) or 'nothing'}"

    def collect(self, into: Collecting) -> None:
        """List the snapshots, check the repository if that is due, and restore what is due."""
        found = snapshots(self.restic.snapshots(), self.rules)
        if "backups" in into.seen:
            self._backups(into, self._with_sizes(into, found))
        if "restore_tests" in into.seen:
            self._restores(into, found)

    def _with_sizes(self, into: Collecting, found: Sequence[Snapshot]) -> list[Snapshot]:
        """Sizes that were known before are kept; restic counts those of the newest snapshots anew."""
        known = {row["id"]: row.get("size_bytes") for row in into.known("backups")}
        newest = {snapshot.system: snapshot.id for snapshot in found}
        sized = []
        for snapshot in found:
            size = snapshot.size_bytes or known.get(f"{self.restic.repository}/{snapshot.id}")
            if size is None and newest[snapshot.system] == snapshot.id:
                size = total_size(self.restic.size(snapshot.id))
            sized.append(replace(snapshot, size_bytes=size if isinstance(size, int) else None))
        return sized

    def _backups(self, into: Collecting, found: Sequence[Snapshot]) -> None:
        checked = self._checked(into)
        into.rows("backups", [backup_row(self.restic.repository, snapshot, checked, self.told) for snapshot in found])
        if not self.told.scheduled:
            into.unsupported(
                "backups", "automatic", "restic does not keep who started it: set scheduled to a tag or user that a schedule alone has"
            )

    def _checked(self, into: Collecting) -> Checked:
        if self.settings["check"] == "no":
            return Checked(None, None)
        before = checked_before(into.known("backups"), clock.now(), timedelta(days=float(self.settings["check_every"])))
        if before is not None:
            return before
        into.progress("checking the repository", 0)
        subset = self.settings["check"]
        done = self.restic.check("" if subset == "structure" else subset)
        if done.status == 0:
            return Checked(True, clock.now())
        if done.damaged:
            into.note(f"restic check: {done.last_words}")
            return Checked(False, clock.now())
        into.denied("backups", "intact", f"restic check did not come to its end: {done.last_words}")
        return Checked(None, None)

    def _restores(self, into: Collecting, found: Sequence[Snapshot]) -> None:
        before = list(into.known("restore_tests"))
        into.rows("restore_tests", before)
        if self.settings["restore"] == "no":
            return
        every = timedelta(days=float(self.settings["restore_every"]))
        due = to_restore(found, before, clock.now(), every, random.SystemRandom())
        for number, snapshot in enumerate(due):
            into.progress("restoring", number, len(due))
            row = self._restored(into, snapshot)
            if row is not None:
                into.rows("restore_tests", [row])

    def _restored(self, into: Collecting, snapshot: Snapshot) -> Row | None:
        """Restore `snapshot` into a scratch folder that is removed again; None when there is no room for it."""
        with tempfile.TemporaryDirectory(prefix="upheld-restore-", dir=self.settings["scratch"] or None) as folder:
            size = total_size(self.restic.size(snapshot.id)) or snapshot.size_bytes or 0
            free = shutil.disk_usage(folder).free
            if size + SPARE_BYTES > free:
                into.cut_short(
                    "restore_tests", f"{snapshot.system}: a restore needs {size} bytes, {free} are free in {Path(folder).parent}"
                )
                return None
            started_at, started = clock.now(), time.monotonic()
            done = self.restic.restore(snapshot.id, Path(folder))
            took = timedelta(seconds=round(time.monotonic() - started, 3))
            compared = self._compared(done, snapshot, Path(folder))
        return test_row(self.restic.repository, snapshot, started_at, took if done.status == 0 else None, compared)

    def _compared(self, done: Done, snapshot: Snapshot, folder: Path) -> Compared:
        if done.status != 0:
            return Compared(False, 0, f"the restore failed: {done.last_words}")
        name = self.settings["manifest"]
        places = [folder / name.lstrip("/")] if name.startswith("/") else [folder / path.lstrip("/") / name for path in snapshot.paths]
        lists = [place for place in places if place.is_file() and not place.is_symlink()]
        if lists:
            return _together([by_manifest(place) for place in lists])
        if self.settings["compare_with"]:
            return by_source(folder, Path(self.settings["compare_with"]), snapshot.paths, snapshot.started_at)
        return Compared(None, 0, f"it came back, but there is nothing to compare it with: no {name} in it, and compare_with is not set")


def _together(parts: Sequence[Compared]) -> Compared:
    """One list that is not met fails all; one that says nothing leaves it unknown."""
    said = "; ".join(part.said for part in parts)
    files = sum(part.files for part in parts)
    if any(part.verified is False for part in parts):
        return Compared(False, files, said)
    return Compared(None if any(part.verified is None for part in parts) else True, files, said)


class ResticKind:
    """What `upheld source add ... restic` needs."""

    name: ClassVar[str] = "restic"
    title: ClassVar[str] = "restic repository"
    tables: ClassVar[Sequence[str]] = ("backups", "restore_tests")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("repository", "where it lies, as restic names it: a folder, sftp:, rest:, s3: ..."),
        Setting("password", "secret that opens it", secret=True),
        Setting(
            "systems", "whose snapshots are whose: host:NAME=SYSTEM, tag:NAME=SYSTEM or path:/PATH=SYSTEM, blank between; else by host", ""
        ),
        Setting("check", "structure, or the share of data to read as well (5%, 1/10, 100%); no for neither", "structure"),
        Setting("check_every", "days between checks that find no damage", "1"),
        Setting("restore", "yes to restore the newest and one older snapshot of each system into a scratch folder", "yes"),
        Setting("restore_every", "days between restores of a system", "7"),
        Setting("manifest", "list of digests inside the backup (sha256sum), beside the files it lists", ".upheld-manifest"),
        Setting("compare_with", "tree the backup was taken of, to compare with what is unchanged there; / for this machine's", ""),
        Setting("scratch", "folder to restore into; empty for the usual temporary one", ""),
        Setting("content", "what is backed up: data, configuration, settings or all", "data"),
        Setting(
            "contents", "which snapshots hold what, where they differ: path:/etc=configuration tag:NAME=settings; else content counts", ""
        ),
        Setting("scheduled", "tags, users or hosts that a schedule alone has: tag:nightly user:backup; empty if untold", ""),
        Setting("region", "where the repository is stored, if its address does not tell", ""),
        Setting("patience", "seconds that one restic command may take", "14400"),
    )
    least_rights: ClassVar[str] = "Read on the repository (no lock is taken), its password, and room in the scratch folder."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Backups:
        """Return the repository; raises `Misconfigured` naming the setting that is wrong."""
        for name in ("check_every", "restore_every", "patience"):
            try:
                float(settings[name])
            except ValueError as error:
                raise Misconfigured(f"{name} {settings[name]!r} is not a number") from error
        if settings["repository"].startswith("-"):
            raise Misconfigured(f"repository {settings['repository']!r} is no place")
        if settings["compare_with"] and not Path(settings["compare_with"]).is_dir():
            raise Misconfigured(f"compare_with {settings['compare_with']} is not a folder")
        restic = Restic(settings["repository"], settings["password"], float(settings["patience"]))
        contents = belongings(settings["contents"], "CONTENT")
        if wrong := sorted({rule.system for rule in contents} - set(CONTENTS)):
            raise Misconfigured(f"contents: {', '.join(wrong)} is none of {', '.join(CONTENTS)}")
        scheduled = belongings(" ".join(f"{word}=schedule" for word in settings["scheduled"].split()), "")
        told = Told(settings["content"], settings["region"], contents, scheduled)
        return Backups(restic, belongings(settings["systems"]), told, settings)


RESTIC = ResticKind()
