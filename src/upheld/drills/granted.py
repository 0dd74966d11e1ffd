"""What drills on rights share: a real directory in which everybody has what an office of the lab granted them, and no more."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from upheld.drills.drill import Scene, ours
from upheld.drills.kept import ADA, AUTHOR, BOB, KeptDrill, ago
from upheld.drills.staging import DIRECTORY, directory, group, today
from upheld.lab.slapd import Slapd

FINANCE, ADMINS = "finance", "admins"


class GrantedDrill(KeptDrill):
    """Ada is in the group finance, since Bob agreed that she may be; Bob, by two others' leave, in admins until next month."""

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory, and keep the registers."""
        self.slapd, source = directory(stack, Slapd())
        self.slapd.add_group(FINANCE, [self.slapd.dn("ada")])
        self.slapd.add_group(ADMINS, [self.slapd.dn("bob")])
        scene = super().open(stack)
        return Scene([*scene.sources, source], scene.registers)

    def act(self, action: str, number: int | None = None, /, **given: Any) -> int:
        """Do `authorization.<action>`."""
        return self.office.act(f"authorization.{action}", number, **given)

    def keep(self) -> None:
        """Declare what there is, and grant it ten days ago."""
        kept: dict[str, Any] = {"kind": "directory", "environment": "test", "criticality": "high", "owner": AUTHOR}
        self.office.act("operations.enter-system", name=DIRECTORY, title=DIRECTORY, purpose="who may what", **kept)
        at, soon = ago(10), str(today() + timedelta(days=60))
        self.finance = self.declared(FINANCE, owner=BOB)
        self.admins = self.declared(ADMINS, owner=ADA, privileged="yes")
        self.asked = self.act("request-access", at=at, entitlement=self.finance, person=ADA, why="she pays")
        self.act("agree-to-request", self.asked, at=at, by=BOB, role="owner")
        self.privileged = self.act("request-access", at=at, by=BOB, role="employee", entitlement=self.admins, why="he helps", until_on=soon)
        self.act("agree-to-request", self.privileged, at=at, by=ADA, role="owner")
        self.act("approve-privileged", self.privileged, at=at)

    def declared(self, name: str, **more: str) -> int:
        """Declare an entitlement; return its number."""
        return self.act("declare-entitlement", at=ago(11), system=DIRECTORY, entitlement=name, title=name, **more)

    def members(self, name: str, *uids: str) -> None:
        """Put exactly `uids` into the group `name` of the directory, by hand."""
        ours(self.slapd)
        self.slapd.put(group(name), {"member": [self.slapd.dn(uid) for uid in uids]})
