"""What drills on incidents share: an office with a playbook, somebody who leads, and incidents that were handled by it."""

from datetime import datetime
from typing import Any

from upheld.drills.kept import ADA, BOB, KeptDrill, ago

PLAYBOOK = "- [ ] incident-lead: Take it off the network\n- [ ] Look what it reached\n- [ ] Tell the press (optional)\n"
HANDLED = "Incident 1"
# As sshd writes it; the year is not in it, and the office reads it now.
EXPIRED = ("May  3 10:00:00 office sshd[42]: pam_unix(sshd:account): account bob has expired (account expired)",)


class HandledDrill(KeptDrill):
    """A drill on incidents. Bob leads them, Ada is the management, the administrator decides about events."""

    def ready(self) -> None:
        """Let there be a playbook, somebody who leads, and a category: what must be there before anything happens."""
        self.responsibility("incident-lead", BOB)
        self.policy(name="malware-playbook", kind="playbook", title="Malware playbook", text=PLAYBOOK, audience="nobody")
        self.office.act("incidents.declare-category", name="malware", title="Malware", playbook="malware-playbook")

    def opened(self, at: datetime, severity: str = "high") -> int:
        """Let an incident be opened at an instant, and return its number."""
        return self.office.act("incidents.open-incident", at=at, title="A strange program", category=1, severity=severity)

    def handled(self, at: datetime, severity: str = "high", *, steps: int = 3) -> int:
        """Let an incident be opened, taken on, its first `steps` done and contained, all at once, by Bob; return its number."""
        number = self.opened(at, severity)
        self.by_lead("acknowledge-incident", number, at)
        for step in range(3 * number - 2, 3 * number - 2 + steps):
            self.by_lead("do-step", step, at)
        self.by_lead("contain-incident", number, at, how="switched off")
        return number

    def over(self, at: datetime) -> int:
        """Let an incident be handled and resolved at an instant; return its number."""
        number = self.handled(at)
        self.by_lead("resolve-incident", number, at, words="new disk")
        return number

    def by_lead(self, action: str, number: int, at: datetime, **given: Any) -> int:
        """Let Bob do something about an incident."""
        return self.office.act(f"incidents.{action}", number, by=BOB, role="employee", at=at, **given)


__all__ = ["ADA", "BOB", "EXPIRED", "HANDLED", "PLAYBOOK", "HandledDrill", "ago"]
