"""What can go wrong with backups, restores and upgrades; each error says what happened, to what, and what to do."""


class UpkeepError(RuntimeError):
    """Something about a backup, a restore or an upgrade that its caller can do something about. Nothing was changed."""


class Unusable(UpkeepError):
    """A file that is no whole backup, or not one that may be trusted or read here."""


class Unsound(UpkeepError):
    """What came back is not what was promised of it: `wrong` says each thing in a sentence."""

    def __init__(self, message: str, wrong: tuple[str, ...]) -> None:
        super().__init__(message)
        self.wrong = wrong


class Refused(UpkeepError):
    """What was asked for cannot be done to this place."""


class NotUpgraded(UpkeepError):
    """The workspace was made by an older release."""


class FromNewerRelease(UpkeepError):
    """The workspace was made, or upgraded, by a newer release than this."""
