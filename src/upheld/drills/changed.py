"""What drills on changes share: a shop that is changed and released as promised, with its repository, in an office of the lab."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from upheld import clock
from upheld.drills.connected import connected
from upheld.drills.drill import Scene
from upheld.drills.kept import ADA, BOB, KeptDrill, ago
from upheld.lab.git import GitRepository
from upheld.sources.git import GIT
from upheld.sources.source import Source

REVIEWED = "Reviewed-by: Bob <bob@example.org>"


class ChangeDrill(KeptDrill):
    """A drill on the shop: Ada develops it, Bob reviews and approves, and a commit of Ada's touches personal data."""

    def open(self, stack: ExitStack) -> Scene:
        """Keep the registers, and commit, install and scan, as far as the measures need it."""
        self.stack = stack
        scene = super().open(stack)
        needed = set(self.needed())
        sources = [*scene.sources]
        for tables, opened in self.beside_registers():
            if wanted := sorted(needed & set(tables)):
                sources.append((opened.__name__.strip("_"), wanted, opened()))
        return Scene(sources, scene.registers)

    def beside_registers(self) -> list[tuple[tuple[str, ...], Callable[[], Source]]]:
        """Return what else there is beside the registers: which tables each brings, and what opens it."""
        return [(tuple(GIT.tables), self._git)]

    def act(self, action: str, number: int | None = None, /, **given: Any) -> int:
        """Do `change.<action>`."""
        return self.office.act(action if "." in action else f"change.{action}", number, **given)

    def keep(self) -> None:
        """Keep everything as it should be."""
        self.system("shop", "service")
        self.change = self.changed("shop-1", systems=["shop"], personal_data="yes")
        self.deployment = self.act(
            "record-deployment", at=ago(9), by=ADA, role="employee", system="shop", release="shop/v2.0", change="shop-1"
        )

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
        more = {"personal_data": "no", **said, **days, **more}
        change = self.act("propose-change", at=ago(12), by=ADA, role="employee", name=name, **more)
        if more["personal_data"] == "yes":
            good = dict.fromkeys(("as_little_as_needed", "private_by_default", "erased_in_time"), "yes")
            self.reviewed = self.act("review-design", change, at=ago(11), by=BOB, role="employee", said="little is kept", **good)
        return self.act("approve-change", change, at=ago(10))

    def _git(self) -> Source:
        self.repository = self.stack.enter_context(GitRepository())
        self.repository.commit("shop.py", "version = 1\n", REVIEWED)
        self.good = self.repository.commit("shop.py", "version = 2\n", REVIEWED, "Label: personal-data", "Change: shop-1")
        self.repository.push()
        return connected(GIT, repository=str(self.repository.shared), name="shop", branches="main", reviews="trailers")

    def back_to_good(self) -> None:
        """Put the branch back to the last good commit."""
        self.repository.git("reset", "--quiet", "--hard", self.good)
        self.repository.push(force=True)


__all__ = ["ADA", "BOB", "REVIEWED", "ChangeDrill", "ago"]
