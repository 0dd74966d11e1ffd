"""What drills on rights share: a real directory in which everybody has what an office of the lab granted them, and no more."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from upheld.drills.drill import Scene, ours
from upheld.drills.kept import ADA, AUTHOR, BOB, KeptDrill, ago
from upheld.drills.staging import DIRECTORY, directory, group, people, person, today
from upheld.lab.scratch import Scratch
from upheld.lab.slapd import Slapd

CHIEF = "1004"  # who answers for what nobody else does
PEOPLE = ("1,First,first@example.org\n", f"{ADA},Ada,ada@example.org\n", f"{BOB},Bob,bob@example.org\n", f"{CHIEF},Eve,eve@example.org\n")
FINANCE, ADMINS, RETIRED = "finance", "admins", "retired"


class GrantedDrill(KeptDrill):
    """Ada is in the group finance, since Bob agreed that she may be; Bob, by two others' leave, in admins until next month."""

    def open(self, stack: ExitStack) -> Scene:
        """Start the directory, and keep the registers."""
        settings = {"system": DIRECTORY, "admin_pattern": "^admin", "admin_groups": ADMINS}
        self.slapd, source = directory(stack, Slapd())
        self.slapd.add_group(FINANCE, [self.slapd.dn("ada")])
        self.slapd.add_group(ADMINS, [self.slapd.dn("bob")])
        self.slapd.add_group(RETIRED, [self.slapd.dn("ada"), self.slapd.dn("bob")])
        scene = super().open(stack)
        listed = stack.enter_context(Scratch()).write("people.csv", "id,name,mail\n" + "".join(PEOPLE))
        self.office.read("hr", "people", {"file": str(listed)})
        self.office.read(DIRECTORY, "ldap", self.slapd.settings | settings)
        self.review()
        self.members(RETIRED, "ada")
        return Scene([*scene.sources, source], {**scene.registers, "people": people(person(CHIEF, "Eve"))})

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
        role = self.act("declare-role", at=ago(11), name="administrator", title="Administrator", owner=ADA)
        self.act("add-to-role", role, at=ago(11), entitlement=self.finance)
        self.retired = self.declared(RETIRED, owner=CHIEF)
        tidying = self.act("request-access", at=at, entitlement=self.retired, person=ADA, why="she tidies up")
        self.act("agree-to-request", tidying, at=at, by=CHIEF, role="owner")
        self.asked = self.act("request-access", at=at, entitlement=self.finance, person=ADA, why="she pays")
        self.act("agree-to-request", self.asked, at=at, by=BOB, role="owner")
        self.privileged = self.act("request-access", at=at, by=BOB, role="employee", entitlement=self.admins, why="he helps", until_on=soon)
        self.act("agree-to-request", self.privileged, at=at, by=ADA, role="owner")
        self.act("approve-privileged", self.privileged, at=at)

    def review(self) -> None:
        """Review every right: Bob is to leave the group retired; and look for unused accounts, of which there are none."""
        due = str(today() + timedelta(days=30))
        review = self.act("open-review", **{"title": "spring", "kind": "system", "due_on": due, "system": DIRECTORY})
        self.act("hand-over-items", review, to=CHIEF, why="what comes with the system is with who answers for it")
        for item in self.office.rows("review_items"):
            by = {FINANCE: BOB, ADMINS: ADA, RETIRED: CHIEF}.get(item["entitlement"], CHIEF)
            gone = item["entitlement"] == RETIRED and item.get("person_id") == BOB
            said: dict[str, Any] = {
                "numbers": [int(item["id"].rpartition("/")[2])],
                "decision": "revoke" if gone else "keep",
                "reason": "looked at",
            }
            self.act("decide-items", review, by=by, role="employee", **said)
        self.act("finish-review", review)
        self.act("finish-review", self.act("open-review", title="unused", kind="unused", due_on=due))

    def declared(self, name: str, **more: str) -> int:
        """Declare an entitlement; return its number."""
        return self.act("declare-entitlement", at=ago(11), system=DIRECTORY, entitlement=name, title=name, **more)

    def members(self, name: str, *uids: str) -> None:
        """Put exactly `uids` into the group `name` of the directory, by hand."""
        ours(self.slapd)
        self.slapd.put(group(name), {"member": [self.slapd.dn(uid) for uid in uids]})
