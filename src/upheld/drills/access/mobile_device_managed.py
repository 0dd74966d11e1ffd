"""Enrols a phone without a passcode, in a real list of device management."""

from contextlib import ExitStack

from upheld.drills.drill import Scene
from upheld.drills.kept import ADA, BOB, KeptDrill, ago
from upheld.drills.staging import Listed

HEADER = "id,name,kind,enrolled,encrypted,passcode,tampered,last_contact_at"


class NoPasscode(KeptDrill):
    """Two phones that device management and the register know."""

    measure = "access/mobile_device_managed"
    breaks = "Bob's phone asks for no passcode"

    def open(self, stack: ExitStack) -> Scene:
        """Write the list."""
        scene = super().open(stack)
        self.listed = Listed(stack, "managed_devices", HEADER, *_lines(bob="yes"))
        return Scene([*scene.sources, self.listed.source], scene.registers)

    def keep(self) -> None:
        """Enrol both."""
        for device, who in (("P1", ADA), ("P2", BOB)):
            self.office.act("access.enrol-device", at=ago(30), device=device, kind="phone", person=who)

    def sabotage(self) -> str:
        """Write it into the list."""
        self.listed.write(*_lines(bob="no"))
        return "bob-phone"

    def heal(self) -> None:
        """Write the list as it was."""
        self.listed.write(*_lines(bob="yes"))


def _lines(*, bob: str) -> list[str]:
    seen = f"{ago(1):%Y-%m-%d %H:%M}"
    return [f"P1,ada-phone,phone,yes,yes,yes,no,{seen}", f"P2,bob-phone,phone,yes,yes,{bob},no,{seen}"]


DRILL = NoPasscode()
