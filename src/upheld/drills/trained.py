"""What drills on people share: an office where everybody was trained, and one where everybody read a text."""

from collections.abc import Mapping
from contextlib import ExitStack
from hashlib import sha256
from typing import Any, ClassVar

from upheld.drills.drill import Scene
from upheld.drills.kept import ADA, AUTHOR, BOB, KeptDrill, ago
from upheld.drills.staging import CARL, people, person
from upheld.evidence.table import Row

TEXT = "Ask first."
DIGEST = sha256(TEXT.encode()).hexdigest()
EVERYBODY = (AUTHOR, ADA, BOB)
ROLES = ("administrator", "accountant", "engineer")


class TrainedDrill(KeptDrill):
    """A drill on training: a course in-house that covers what everybody must know, and one of an outside provider, both held lately."""

    def keep(self) -> None:
        """Hold both."""
        subjects = "data-protection\nincident-reporting"
        common: dict[str, Any] = {"subjects": subjects, "mandatory": True, "roles": "\n".join(ROLES)}
        for name, provider in (("basics", "inside"), ("phishing", "outside")):
            course = self.office.act(
                "people.declare-course", at=ago(30), name=name, title=name, provider=provider, provider_name="Example Ltd", **common
            )
            held: dict[str, Any] = {
                "held_on": str(ago(20).date()),
                "trainer": "Eve",
                "attended": "\n".join(EVERYBODY),
                "register": "a letter",
            }
            self.office.act("people.hold-course", course, at=ago(20), **held)

    def age(self, where: str) -> None:
        """Move completions to more than a year ago, behind the product's back."""
        self.office.move("registers_completion", "completed_on", ago(400).date(), where)

    def heal(self) -> None:
        """Move them back."""
        self.office.put_back()


class ReadDrill(KeptDrill):
    """A drill on a text that people must have read: whoever joined 31 days ago has not, and does so in the end."""

    topic: ClassVar[str]
    role: ClassVar[str]
    parameters: ClassVar[Mapping[str, str | list[str]]] = {}

    def open(self, stack: ExitStack) -> Scene:
        """Open the office."""
        self.scene = super().open(stack)
        self.scene.parameters = self.parameters
        return self.scene

    def keep(self) -> None:
        """Publish it; everybody reads it."""
        topic = self.office.act("want-topic", name=self.topic, title=self.topic)
        self.version = self.policy(days_ago=70, text=TEXT, name=self.topic, title=self.topic, topic=topic)
        for who in EVERYBODY:
            self.read(who, 65)

    def read(self, who: str, days_ago: int) -> None:
        """Let somebody acknowledge it so many days ago."""
        self.office.act("acknowledge-policy", self.version, by=who, role="employee", at=ago(days_ago), digest=DIGEST)

    def sabotage(self) -> str:
        """Let Carl have joined 31 days ago."""
        self.scene.registers["people"] = people(*joined(self.role))
        return "Carl"

    def heal(self) -> None:
        """Let him read it."""
        self.read(CARL, 0)


def joined(role: str) -> list[Row]:
    """Return the row of Carl, who joined 31 days ago."""
    return [{**person(CARL, "Carl", role=role), "started_on": ago(31).date()}]
