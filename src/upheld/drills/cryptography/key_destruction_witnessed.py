"""Takes a witness away from a destroyed key, in the database of an office of the lab."""

from typing import Any

from upheld.drills.kept import ADA, AUTHOR, BOB, KeptDrill, ago


class OneWitnessLess(KeptDrill):
    """A key that the administrator destroyed in front of Ada and Bob."""

    measure = "cryptography/key_destruction_witnessed"
    breaks = "Of the two witnesses of a key's destruction, one turns out to be who destroyed it"

    def keep(self) -> None:
        """Register a key, destroy it, and let both say that they saw it."""
        said: dict[str, Any] = {
            "title": "Old backups",
            "purpose": "data-encryption",
            "owner": AUTHOR,
            "activated_on": f"{ago(700):%Y-%m-%d}",
        }
        key = self.office.act("cryptography.register-key", at=ago(90), fingerprint="SHA256:old", **said)
        self.office.act("cryptography.destroy-key", key, at=ago(3), how="every copy overwritten", witnesses=[ADA, BOB])
        for number, person in enumerate((ADA, BOB), 1):
            self.office.act("cryptography.witness-destruction", number, at=ago(2), by=person, role="employee")

    def sabotage(self) -> str:
        """Write the other name in."""
        self.office.move("registers_keywitness", "person", AUTHOR, "id = 2")
        return "Old backups"

    def heal(self) -> None:
        """Put it back."""
        self.office.put_back()


DRILL = OneWitnessLess()
