"""Installs a package on a host of the lab, by dpkg itself, without a change."""

from upheld.drills.changed import ChangeDrill

STRAY = "upheld-stray"


class Stray(ChangeDrill):
    """A host on which Ada installed a package by an approved change."""

    measure = "change/install_approved"
    breaks = "A package is installed on an operational host, and no change covers it"
    lasting = True

    def sabotage(self) -> str:
        """Install it."""
        self.host.install_package(STRAY, asked_by="alice")
        return STRAY

    def heal(self) -> None:
        """What was installed so was installed so: only the log's line can be taken out."""
        log = self.host.path("var/log/dpkg.log")
        log.write_text("".join(line for line in log.read_text().splitlines(keepends=True) if STRAY not in line), encoding="utf-8")


DRILL = Stray()
