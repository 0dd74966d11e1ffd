"""Edits a line of a log after it was read, in an office of the lab."""

from datetime import UTC, timedelta

from upheld import clock
from upheld.drills.kept import KeptDrill


class Edited(KeptDrill):
    """A log that somebody signed in according to."""

    measure = "operations/logs_complete"
    breaks = "Somebody with root edits the line that tells of their sign-in"

    def keep(self) -> None:
        """Let Eve sign in, and the product read so."""
        at = (clock.now().astimezone(UTC) - timedelta(minutes=5)).isoformat(timespec="seconds")
        self.office.log(
            f"{at} office sshd[42]: Accepted publickey for eve from 203.0.113.7 port 5122 ssh2",
            f"{at} office sshd[42]: pam_unix(sshd:session): session opened for a user, and much is said of it besides",
            at=clock.now(),
        )

    def sabotage(self) -> str:
        """Let it have been Ada."""
        self.office.rewrite_log("for eve from", "for ada from")
        return "auth"

    def heal(self) -> None:
        """Bring back what was written."""
        self.office.rewrite_log("for ada from", "for eve from")


DRILL = Edited()
