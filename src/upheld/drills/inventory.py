"""What drills on assets share: an inventory in order, with what device management, hosts and printers tell, in an office of the lab."""

from abc import abstractmethod
from contextlib import ExitStack
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from upheld.drills.drill import Scene
from upheld.drills.kept import ADA, AUTHOR, BOB, KeptDrill, ago
from upheld.drills.staging import Listed, today

RULES = "Nobody else uses it."
DIGEST = sha256(RULES.encode()).hexdigest()
HEADERS = {
    "devices": "id,name,kind,in_use,owner_id,encrypted,passcode,mobile,last_seen_at",
    "device_sightings": "id,device_id,person_id,off_site,seen_at",
    "mount_events": "id,host_id,serial,mounted_at,encrypted,on_premises",
    "prints_and_copies": "id,kind,person_id,device,company_data,done_at",
    "store_states": "id,provider,region,customer_data,encrypted,public,readers",
    "store_documents": "id,store_id,path,label,content_class,readable",
}


class AssetDrill(KeptDrill):
    """A drill on the inventory: a laptop that Ada has, and takes home, a stick, a disk that is gone, and a share with contracts."""

    def open(self, stack: ExitStack) -> Scene:
        """Keep the registers, and write the lists that the measure reads."""
        scene = super().open(stack)
        needed = self.needed()
        self.listed = {name: Listed(stack, name, HEADERS[name], *self.lines(name)) for name in HEADERS if name in needed}
        return Scene([*scene.sources, *(each.source for each in self.listed.values())], scene.registers)

    def act(self, action: str, number: int | None = None, /, **given: Any) -> int:
        """Do `assets.<action>`."""
        return self.office.act(f"assets.{action}", number, **given)

    def keep(self) -> None:
        """Keep everything as it should be."""
        at = ago(60)
        self.laptops = self.act("add-asset-class", at=at, name="laptop", title="Laptop", encrypted_off_site="yes")
        self.act("write-use-rules", self.laptops, at=at, rules=RULES)
        self.act("acknowledge-use-rules", self.laptops, at=at, by=ADA, role="employee", digest=DIGEST)
        self.laptop = self.asset("L-1", "device", asset_class=self.laptops)
        self.custody = self.act("hand-out", self.laptop, at=ago(50), holder=ADA)
        self.act("sign-custody", self.custody, at=ago(50), by=ADA, role="employee")
        self.stick = self.asset("USB-1", "medium")
        for kind, asset in (("off site", self.laptop), ("medium", self.stick), ("mobile carrier", None), ("print", None)):
            self.permit(kind, asset)
        self._gone()
        self._information()

    def asset(self, name: str, kind: str, **more: Any) -> int:
        """Put something with storage on the inventory, two months ago; return its number."""
        said = {"title": name, "kind": kind, "owner": AUTHOR, "storage": "yes", "state": "in use", **more}
        return self.act("register-asset", at=ago(60), name=name, **said)

    def permit(self, kind: str, asset: int | None = None) -> int:
        """Permit Ada something since a month and a half."""
        more = {"asset": asset} if asset else {}
        asked = self.act("ask-permission", at=ago(45), by=ADA, role="employee", kind=kind, why="for customers", **more)
        return self.act("decide-permission", asked, at=ago(45), granted="yes")

    def _gone(self) -> None:
        self.disk = self.asset("D-1", "component")
        self.act("retire-asset", self.disk, at=ago(40))
        self.disposal = self.act("request-disposal", self.disk, at=ago(40), by=BOB, role="manager", why="worn out")
        self.act("approve-disposal", self.disposal, at=ago(39))
        self.wiping = self.act("sanitise-asset", self.disk, at=ago(38), by=BOB, role="employee", method="purge")
        self.act("verify-sanitisation", self.wiping, at=ago(37), verified="yes", looked_at="a tenth of the blocks")
        self.act("certify-disposal", self.disposal, at=ago(36), witness=BOB, certificate="a letter")
        self.act("dispose", self.disposal, at=ago(35))

    def _information(self) -> None:
        self.contracts = self.act("add-information", name="contracts", title="Contracts", owner=AUTHOR)
        self.act("classify-information", self.contracts, law="much", value="some", criticality="some", sensitivity="much")
        self.act("set-handling-rule", classification="confidential", encrypted="yes", most_readers=20)
        said = {"title": "Share", "owner": AUTHOR, "classes": ["internal", "confidential"], "holds": ["contracts"]}
        self.act("register-store", name="share", label="confidential", **said)

    def lines(self, name: str) -> list[str]:
        """Return the lines of one of the lists, in order."""
        return {
            "devices": [f"L-1,ada-laptop,laptop,yes,{ADA},yes,yes,yes,{self.noon:%Y-%m-%d %H:%M}"],
            "device_sightings": [f"1,L-1,{ADA},yes,{self.noon:%Y-%m-%d %H:%M}"],
            "mount_events": [f"1,host,USB-1,{self.noon:%Y-%m-%d %H:%M},yes,yes"],
            "prints_and_copies": [f"1,print,{ADA},printer,yes,{self.noon:%Y-%m-%d %H:%M}"],
            "store_states": ["share,Cloud,uksouth,yes,yes,no,3"],
            "store_documents": ["1,share,contract.docx,confidential,,yes"],
        }[name]

    @property
    def noon(self) -> datetime:
        """Noon of yesterday."""
        return datetime.combine(today() - timedelta(days=1), datetime.min.time()) + timedelta(hours=12)


class ListChanged(AssetDrill):
    """A drill that writes one of the lists otherwise."""

    table: str
    named: str

    @abstractmethod
    def wrong(self) -> list[str]:
        """Return the lines that break the promise."""

    def sabotage(self) -> str:
        """Write them."""
        self.listed[self.table].write(*self.wrong())
        return self.named

    def heal(self) -> None:
        """Write the list as it was."""
        self.listed[self.table].write(*self.lines(self.table))
