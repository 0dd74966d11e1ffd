"""Puts a session from afar by somebody whom nobody approved into a real log."""

from contextlib import ExitStack

from upheld.drills.drill import Scene
from upheld.drills.kept import ADA, BOB, KeptDrill, ago
from upheld.drills.staging import Listed, system

HEADER = "id,system_id,identifier,person_id,device_id,began_at"


class FromAfar(KeptDrill):
    """A log of the VPN, in which Ada, who may, worked on her laptop."""

    measure = "access/remote_access_approved"
    breaks = "Bob, whom nobody approved, worked from afar"
    lasting = True

    def open(self, stack: ExitStack) -> Scene:
        """Write the log."""
        scene = super().open(stack)
        self.listed = Listed(stack, "remote_sessions", HEADER, _line(1, "ada", ADA))
        found = {**scene.registers, "systems": [system("vpn", "service")], "accounts": []}
        return Scene([*scene.sources, self.listed.source], found)

    def keep(self) -> None:
        """Approve Ada, and enrol her laptop."""
        self.office.act("access.approve-remote-work", at=ago(20), person=ADA, conditions="alone in the room", from_on=str(ago(20).date()))
        self.office.act("access.enrol-device", at=ago(20), device="L1", kind="laptop", person=ADA)

    def sabotage(self) -> str:
        """Write the session into the log."""
        self.listed.write(_line(1, "ada", ADA), _line(2, "bob", BOB))
        return "bob"

    def heal(self) -> None:
        """Write the log as it was; what it told stays told."""
        self.listed.write(_line(1, "ada", ADA))


def _line(number: int, identifier: str, person: str) -> str:
    return f"{number},vpn,{identifier},{person},L1,{ago(1):%Y-%m-%d %H:%M}"


DRILL = FromAfar()
