"""Releases a new major version of what is described as it was before, by a tag in a real repository."""

from upheld.drills.changed import ChangeDrill


class OldDescription(ChangeDrill):
    """A service whose architecture and features were found right since its last major release."""

    measure = "change/architecture_documented"
    breaks = "A major version is released, and nobody looks at the description of the architecture"

    def sabotage(self) -> str:
        """Tag it."""
        self.repository.git("tag", "-a", "v3.0", "-m", "Version 3")
        self.repository.git("push", "--quiet", "origin", "v3.0")
        return "SHOP, architecture"

    def heal(self) -> None:
        """Take the tag back."""
        self.repository.git("push", "--quiet", "origin", ":refs/tags/v3.0")
        self.repository.git("tag", "-d", "v3.0")


DRILL = OldDescription()
