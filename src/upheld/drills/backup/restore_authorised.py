"""Restores by hand on a host, as sudo there writes it down, and nobody agreed to it."""

from upheld.drills.kept_safe import BackupDrill


class NobodyAsked(BackupDrill):
    """A host on which one restore was agreed to."""

    measure = "backup/restore_authorised"
    breaks = "Somebody runs restic restore on the host ten days before anybody agreed to one"
    lasting = True

    def sabotage(self) -> str:
        """Restore."""
        self._before = self.host.path("var/log/auth.log").read_text(encoding="utf-8")
        done = self.sudo("crm", "/usr/bin/restic -r /srv/backups restore latest --target /tmp", days_ago=10)
        self.host.write("var/log/auth.log", done + self._before)
        return "crm"

    def heal(self) -> None:
        """What was done was done: only the log's line can be taken out."""
        self.host.write("var/log/auth.log", self._before)


DRILL = NobodyAsked()
