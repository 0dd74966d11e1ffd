"""What drills on backups and records share: a repository, its folder on a host, and records that are kept, in an office of the lab."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from upheld import clock
from upheld.drills.connected import connected
from upheld.drills.drill import Scene
from upheld.drills.kept import ADA, AUTHOR, BOB, KeptDrill, ago
from upheld.drills.restic_scene import filled
from upheld.drills.staging import Listed
from upheld.lab.host_root import HostRoot
from upheld.lab.restic import PASSWORD, ResticRepository
from upheld.sources.host import HOST
from upheld.sources.restic import RESTIC
from upheld.sources.source import Source

ARCHIVE = "/srv/archive"
DOWNLOADS = ("id,store_id,principal,address,outside,at", "1,{store},ada,10.1.2.3,no,{at}")
KINDS = ("settings", "configuration", "data")


class BackupDrill(KeptDrill):
    """A drill on the CRM: each night a schedule backs up its data, configuration and settings, and its invoices lie in an archive."""

    def open(self, stack: ExitStack) -> Scene:
        """Keep the registers, back up, and read the host, as far as the measures need it."""
        self.stack = stack
        self.restic = stack.enter_context(ResticRepository())
        scene = super().open(stack)
        needed, sources = set(self.needed()), [*scene.sources]
        if "store_downloads" in needed:
            at = f"{ago(1):%Y-%m-%d %H:%M}"
            self.downloads = Listed(stack, "store_downloads", DOWNLOADS[0], DOWNLOADS[1].format(store=self.store, at=at))
            sources.append(self.downloads.source)
        for name, (tables, opened) in self.services().items():
            if wanted := sorted(needed & set(tables)):
                sources.append((name, wanted, opened()))
        return Scene(sources, scene.registers)

    def services(self) -> dict[str, tuple[tuple[str, ...], Callable[[], Source]]]:
        """Return what there is beside registers and lists: which tables each brings, and what opens it."""
        return {"restic": (("backups",), self._restic), "host": (("restores", "store_readers"), self._host)}

    @property
    def store(self) -> str:
        """The repository, as backups and the host's folder are called."""
        return str(self.restic.repository)

    def act(self, action: str, number: int | None = None, /, **given: Any) -> int:
        """Do `action`, of the chapter backup where it names none."""
        return self.office.act(action if "." in action else f"backup.{action}", number, **given)

    def keep(self) -> None:
        """Keep everything as it should be."""
        self.responsibility("managing", ADA, management=True)
        said: dict[str, Any] = {"title": "CRM", "kind": "database", "environment": "production", "criticality": "high", "owner": AUTHOR}
        crm = {"purpose": "selling", "backup_interval": "1 day", "backup_generations": 1}
        self.act("operations.enter-system", name="crm", at=ago(60), **said, **crm)
        for principal, store, right in (("root", self.store, "read"), *(("root", ARCHIVE, right) for right in ("read", "change"))):
            asked = self.act("ask-reader", by=BOB, role="employee", store=store, principal=principal, right=right, why="backs up")
            self.act("approve-reader", asked)
        self.restored = self._restore()
        self._records()

    def _restore(self) -> int:
        span = {"from_at": ago(2).isoformat(), "until_at": (clock.now() + timedelta(days=1)).isoformat()}
        said = {"system": "crm", "what": "an order", "why": "deleted by mistake"}
        asked = self.act("ask-restore", at=ago(2), by=BOB, role="employee", **said, **span)
        return self.act("decide-restore", asked, at=ago(2), by=ADA, role="manager", granted="yes")

    def _records(self) -> None:
        kept = {"name": "invoices", "title": "Invoices", "store": ARCHIVE, "owner": AUTHOR, "keep_for": "1 year", "basis": "tax law"}
        invoices = self.act("declare-record-class", **kept)
        for title, days in (("2025", 20), ("2023", 400)):
            closed = f"{ago(days):%Y-%m-%d}"
            filed = self.act("file-record", invoices, by=BOB, role="manager", title=title, closed_on=closed, place=title)
        self.act("destroy-record", filed, how="shredded")
        letters = self.act("declare-record-class", **{**kept, "name": "letters", "title": "Letters"})
        self.act("hold-records", letters, why="a lawsuit")

    def _restic(self) -> Source:
        filled(self.restic)
        for kind in KINDS:
            self.restic.write(f"{kind}/list", kind.encode())
        self.back_up(*KINDS)
        contents = " ".join(f"path:{self.restic.tree}/{kind}={kind}" for kind in KINDS)
        marks = {"contents": contents, "scheduled": "tag:nightly", "region": "uksouth"}
        return connected(RESTIC, repository=self.store, password=PASSWORD, check="structure", check_every="0", restore="no", **marks)

    def back_up(self, *kinds: str) -> None:
        """Let the schedule back up `kinds` of content."""
        self.restic.back_up(*kinds, tag="nightly")

    def _host(self) -> Source:
        self.host = self.stack.enter_context(HostRoot())
        for folder in (self.store, ARCHIVE):
            self.host.path(f"{folder}/x").parent.mkdir(parents=True)
            self.host.path(folder).chmod(0o700)
        self.host.write("var/log/auth.log", self.sudo("crm", "/usr/bin/restic restore latest --target /srv"))
        return connected(HOST, root=str(self.host.root), system="crm", scan="/usr", stores=f"{self.store} {ARCHIVE}")

    def sudo(self, host: str, command: str, *, days_ago: int = 1) -> str:
        """Return what sudo writes down when Alice runs `command`."""
        return f"{ago(days_ago).isoformat()} {host} sudo[7]: alice : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND={command}\n"


__all__ = ["ADA", "ARCHIVE", "BOB", "KINDS", "BackupDrill", "ago"]
