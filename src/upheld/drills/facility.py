"""What drills on sites share: a headquarters in order, with what badge system, cameras and clouds tell, in an office of the lab."""

from abc import abstractmethod
from contextlib import ExitStack
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar

from upheld.drills.drill import Scene
from upheld.drills.kept import ADA, AUTHOR, BOB, LONG_AGO, KeptDrill, ago
from upheld.drills.staging import Listed, system, today

RULES = "Nobody props the door open."
DIGEST = sha256(RULES.encode()).hexdigest()
HAZARDS = ("power failure", "fire", "natural disaster", "line interference")
HEADERS = {
    "badge_entries": "id,badge,person_id,zone_id,entered_at",
    "monitoring_heartbeats": "id,site_id,device,seen_at",
    "store_states": "id,provider,region,customer_data,encrypted,public,readers",
}
HERE, ELSEWHERE = "uksouth", "eastus"


class FacilityDrill(KeptDrill):
    """A drill on the headquarters: an office, a server room, a lobby and a dock, and a cage in a provider's data centre."""

    def open(self, stack: ExitStack) -> Scene:
        """Keep the registers, and write the lists that the measure reads."""
        scene = super().open(stack)
        needed = self.needed()
        self.listed = {name: Listed(stack, name, HEADERS[name], *self.lines(name)) for name in HEADERS if name in needed}
        systems = [{**system("crm", "application"), "region": HERE, "holds_personal_data": True}]
        registers = {**scene.registers, "systems": systems} if "systems" in needed else scene.registers
        return Scene([*scene.sources, *(each.source for each in self.listed.values())], registers)

    def act(self, action: str, number: int | None = None, /, **given: Any) -> int:
        """Do `physical.<action>`."""
        return self.office.act(f"physical.{action}", number, **given)

    def keep(self) -> None:
        """Keep everything as it should be."""
        self._places()
        self._protections()
        self._comings_and_goings()

    def _places(self) -> None:
        site = {
            "title": "Headquarters",
            "owner": AUTHOR,
            "time_zone": "UTC",
            "closes": "23:59",
            "from_on": str(today() - timedelta(days=1)),
        }
        self.site = self.act("add-site", name="hq", operated_by="own", hazards=["fire"], **site)
        self.away = self.act("add-site", name="dc", operated_by="provider", **{**site, "title": "Data centre"})
        self.wall = self.act("add-perimeter", self.site, title="the wall")
        self.office_zone = self.zone("office", desks="yes", personal_data="yes", perimeter=self.wall)
        self.server_room = self.zone(
            "server-room", kind="secure", classification="strict", processes_data="yes", equipment="yes", perimeter=self.wall
        )
        self.lobby, self.dock = self.zone("lobby", kind="visitor"), self.zone("dock", kind="delivery")
        self.cage = self.zone("cage", self.away, kind="secure", classification="strict")
        self.door = self.act("join-zones", self.dock, other=self.lobby)
        self.act("join-zones", self.lobby, other=self.office_zone, control="a turnstile")
        self.act("require-controls", classification="strict", controls=["lock", "alarm"])
        self.act("require-controls", classification="internal", controls=["lock"])
        for zone in (self.office_zone, self.server_room, self.lobby, self.dock, self.cage):
            self.act("apply-control", zone, control="lock", applied_on=LONG_AGO)
        for zone in (self.server_room, self.cage):
            self.act("apply-control", zone, control="alarm", applied_on=LONG_AGO)

    def zone(self, name: str, site: int | None = None, **more: Any) -> int:
        """Add a zone; return its number."""
        held = dict.fromkeys(("processes_data", "personal_data", "equipment", "desks"), "no")
        said = {"kind": "office", "classification": "internal", "owner": AUTHOR, **held, **more}
        return self.act("add-zone", site or self.site, name=name, title=name.capitalize(), **said)

    def _protections(self) -> None:
        for hazard in HAZARDS:
            made = self.act("add-protection", self.site, hazard=hazard, title=f"against {hazard}")
            self.act("test-protection", made, at=ago(30), passed="yes")
        self.act("inspect-perimeter", self.wall, at=ago(30), passed="yes")
        self.act("inspect-desks", self.office_zone, at=ago(30), passed="yes")
        self.guards = self.act("engage-security-service", self.site, title="Guards", from_on=LONG_AGO)

    def _comings_and_goings(self) -> None:
        self.act("write-zone-rules", self.server_room, rules=RULES)
        self.act("acknowledge-zone-rules", self.server_room, by=ADA, role="employee", digest=DIGEST)
        self.authorised = self.act("authorise-entry", self.server_room, person=ADA, from_on=LONG_AGO)
        self.act("hand-out-badge", badge="B-7", kind="badge", person=ADA, at=ago(60))
        noon = self.noon
        visit = self.act("sign-in-visitor", self.site, at=noon, name="Vera", host=BOB, badge="V-1", zones=["lobby"])
        self.act("sign-out-visitor", visit, at=noon + timedelta(hours=1))
        delivery = self.act("register-delivery", self.dock, at=noon, carrier="A carrier", what="paper")
        self.act("inspect-delivery", delivery, at=noon + timedelta(hours=1), in_order="yes")

    @property
    def noon(self) -> datetime:
        """Noon of yesterday."""
        return ago(1).replace(hour=12, minute=0, second=0, microsecond=0)

    def lines(self, name: str, *, silent: timedelta = timedelta(0)) -> list[str]:
        """Return the lines of one of the lists, in order unless the cameras were `silent` for a while yesterday."""
        if name == "badge_entries":
            return [f"1,B-7,,server-room,{self.noon:%Y-%m-%d %H:%M}", f"2,V-1,,lobby,{self.noon + timedelta(minutes=1):%Y-%m-%d %H:%M}"]
        if name == "store_states":
            return [f"invoices,Cloud,{HERE},yes,yes,no,3"]
        beats = [ago(0) - number * timedelta(minutes=30) for number in range(96)]
        heard = [each for each in beats if not self.noon < each < self.noon + silent]
        return [f"{each:%m%d%H%M},hq,camera 1,{each:%Y-%m-%d %H:%M}" for each in heard]

    def tell(self, name: str, *more: str) -> None:
        """Write one of the lists with `more` lines."""
        self.listed[name].write(*self.lines(name), *more)


class OneMoreLine(FacilityDrill):
    """A drill that adds one line to a list."""

    table: ClassVar[str]
    named: ClassVar[str]

    @property
    @abstractmethod
    def line(self) -> str:
        """The line."""

    def sabotage(self) -> str:
        """Add it."""
        self.tell(self.table, self.line)
        return self.named

    def heal(self) -> None:
        """Take it out."""
        self.tell(self.table)
