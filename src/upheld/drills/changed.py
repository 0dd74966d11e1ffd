"""What drills on changes share: a shop that is changed and released as promised, in an office of the lab, with repository and host."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import orjson

from upheld import clock
from upheld.drills.connected import connected
from upheld.drills.drill import Scene
from upheld.drills.kept import ADA, BOB, KeptDrill, ago
from upheld.drills.staging import Listed
from upheld.lab.git import GitRepository
from upheld.lab.host_root import HostRoot
from upheld.lab.scratch import Scratch
from upheld.sources.git import GIT
from upheld.sources.host import HOST
from upheld.sources.scanner import SCANNER
from upheld.sources.source import Source
from upheld.sources.written import WRITTEN

REVIEWED = "Reviewed-by: Bob <bob@example.org>"
LISTS = {
    "accounts": ["id,system_id,user_name,identifier,person_ref", f"lab/ada,lab,ada,ada,{ADA}"],
    "devices": ["id,name,kind,in_use,owner_id", f"L-1,ada-laptop,laptop,yes,{ADA}"],
    "endpoint_software": ["id,device_id,manager,name", "L-1/firefox,L-1,msi,firefox", "L-1/sketch,L-1,msi,sketch"],
    "components": ["id,product_id,name", "shop/django,shop,django"],
}
PEOPLE = {"by": ADA, "role": "employee"}


class ChangeDrill(KeptDrill):
    """A drill on the shop: Ada develops and owns it, Bob reviews; it runs on the host lab, and everything is as promised."""

    def open(self, stack: ExitStack) -> Scene:
        """Keep the registers, and commit, install and scan, as far as the measures need it."""
        self.stack = stack
        scene = super().open(stack)
        needed = set(self.needed())
        self.listed = {name: Listed(stack, name, *lines) for name, lines in LISTS.items() if name in needed}
        sources = [*scene.sources, *(each.source for each in self.listed.values())]
        for name, (tables, opened) in self.services().items():
            if wanted := sorted(needed & set(tables)):
                sources.append((name, wanted, opened()))
        return Scene(sources, scene.registers)

    def services(self) -> dict[str, tuple[tuple[str, ...], Callable[[], Source]]]:
        """Return what there is beside registers and lists: which tables each brings, and what opens it."""
        return {
            "git": (tuple(GIT.tables), self._git),
            "host": (("hosts", "software_installs"), self._host),
            "scanner": (tuple(SCANNER.tables), self._scanner),
            "written": (tuple(WRITTEN.tables), self._written),
        }

    def act(self, action: str, number: int | None = None, /, **given: Any) -> int:
        """Do `action`, of the chapter change where it names none."""
        return self.office.act(action if "." in action else f"change.{action}", number, **given)

    def keep(self) -> None:
        """Keep everything as it should be."""
        self.system("lab", "host")
        shop = self.system("shop", "service", runs_on=["lab"])
        self.changed("shop-1", systems=["shop", "lab"], personal_data="yes")
        self._released()
        self.act("record-deployment", at=ago(8), **PEOPLE, system="shop", release="shop/v2.0", change="shop-1")
        self._listed_software()
        self._written_down(shop)

    def system(self, name: str, kind: str, **more: Any) -> int:
        """Enter a system of Ada's in production; return its number."""
        said = {
            "title": name.upper(),
            "kind": kind,
            "environment": "production",
            "criticality": "critical",
            "owner": ADA,
            "purpose": "ours",
        }
        return self.act("operations.enter-system", at=ago(60), name=name, **{**said, **more})

    def changed(self, name: str, **more: Any) -> int:
        """Let Ada propose a change of these days, Bob review its design, and the lead approve it; return its number."""
        said = {"title": name, "kind": "normal", "what": "what it says", "back_out": "the release before", "carried_out_by": [ADA]}
        days = {"from_at": ago(20).isoformat(), "until_at": (clock.now() + timedelta(days=20)).isoformat()}
        change = self.act("propose-change", at=ago(12), **PEOPLE, name=name, **{**said, **days, **more})
        good = dict.fromkeys(("as_little_as_needed", "private_by_default", "erased_in_time"), "yes")
        self.act("review-design", change, at=ago(11), by=BOB, role="employee", said="little is kept", **good)
        return self.act("approve-change", change, at=ago(10))

    def _released(self) -> None:
        said = {"system": "shop", "release": "shop/v2.0", "owner": ADA, "criteria": ["Orders arrive"]}
        acceptance = self.act("prepare-acceptance", at=ago(10), by=BOB, role="employee", **said)
        self.act("test-criterion", 1, at=ago(9), by=BOB, role="employee", met="yes", evidence="an order")
        self.act("accept-release", acceptance, at=ago(9), by=ADA, role="owner")

    def _listed_software(self) -> None:
        self.act("list-software", software="firefox", verdict="allowed", why="to read")
        self.act("list-software", software="torrent*", verdict="denied", why="spreads what is not ours")
        asked = self.act("ask-software", **PEOPLE, software="sketch", why="to draw")
        self.act("decide-software", asked, granted="yes")

    def _written_down(self, shop: int) -> None:
        self.act("require-procedure", system_kind="service", task="restart")
        self.act("require-procedure", system_kind="host", task="restart")
        lab = shop - 1
        for system in (lab, shop):
            said = {"title": "Restart", "owner": ADA, "place": "restart.md", "task": "restart", "audience": ["operations"]}
            book = self.act("operations.add-runbook", system, at=ago(50), **said)
            self.act("operations.check-runbook", book, at=ago(20), how="exercised", good="yes")
        for describes in ("architecture", "features"):
            described = self.act("add-description", at=ago(50), system="shop", describes=describes, owner=ADA, place="design.md")
            self.act("review-description", described, at=ago(20), **PEOPLE)

    def _git(self) -> Source:
        self.repository = self.stack.enter_context(GitRepository())
        self.repository.commit("shop.py", "version = 1\n", REVIEWED)
        self.good = self.repository.commit("shop.py", "version = 2\n", REVIEWED, "Label: personal-data", "Change: shop-1")
        self.repository.git("tag", "-a", "v2.0", "-m", "Version 2", dated=f"{ago(30):%Y-%m-%dT%H:%M:%S} +0000")
        self.repository.push()
        self.repository.git("push", "--quiet", "--tags", "origin")
        return connected(GIT, repository=str(self.repository.shared), name="shop", branches="main", reviews="trailers")

    def back_to_good(self) -> None:
        """Put the branch back to the last good commit."""
        self.repository.git("reset", "--quiet", "--hard", self.good)
        self.repository.push(force=True)

    def _host(self) -> Source:
        self.host = self.stack.enter_context(HostRoot())
        self.host.install_package(asked_by="ada")
        return connected(HOST, root=str(self.host.root), system="lab", scan="/usr")

    def _scanner(self) -> Source:
        self.reports = self.stack.enter_context(Scratch())
        for system in ("lab", "shop"):
            self.scan(system, found=False)
        return connected(SCANNER, folder=str(self.reports.folder))

    def scan(self, system: str, *, found: bool) -> None:
        """Write what Grype reports of `system` now: nothing, or a package whose fix is a quarter old."""
        fix = {"state": "fixed", "versions": ["3.0.18"], "available": [{"version": "3.0.18", "date": f"{ago(90):%Y-%m-%d}"}]}
        match = {
            "vulnerability": {"id": "CVE-2026-1", "severity": "High", "fix": fix},
            "artifact": {"name": "openssl", "version": "3.0.17"},
        }
        report = {
            "matches": [match] if found else [],
            "source": {"target": system},
            "descriptor": {"name": "grype", "version": "0.100.0", "timestamp": clock.now().isoformat()},
        }
        self.reports.write(f"{system}.json", orjson.dumps(report).decode())

    def _written(self) -> Source:
        self.wiki = self.stack.enter_context(Scratch())
        self.write_wiki()
        return connected(WRITTEN, folders=str(self.wiki.folder), places="restart.md design.md")

    def write_wiki(self) -> None:
        """Write what the registers point to."""
        self.wiki.write("restart.md", "Stop it, and start it again.\n")
        self.wiki.write("design.md", "One service, one database.\n")


__all__ = ["ADA", "BOB", "LISTS", "REVIEWED", "ChangeDrill", "ago"]
