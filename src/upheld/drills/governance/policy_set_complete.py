"""Wants a policy on a topic that has none, in an office of the lab."""

from upheld.drills.kept import KeptDrill


class TopicWithoutPolicy(KeptDrill):
    """A topic with its policy."""

    measure = "governance/policy_set_complete"
    breaks = "A topic is wanted that no policy was published on"

    def keep(self) -> None:
        """Publish a policy on the only topic."""
        self.policy(topic=self.office.act("want-topic", name="access", title="Access"))

    def sabotage(self) -> str:
        """Want another."""
        self.topic = self.office.act("want-topic", name="cryptography", title="Cryptography")
        return "Cryptography"

    def heal(self) -> None:
        """Want it no longer."""
        self.office.act("drop-topic", self.topic, why="belongs to access")


DRILL = TopicWithoutPolicy()
