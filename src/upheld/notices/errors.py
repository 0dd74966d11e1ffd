"""What goes wrong when something is to be told."""


class NotDelivered(RuntimeError):
    """A notice did not go out; `permanent` where trying again cannot help, such as an address that is none."""

    def __init__(self, why: str, *, permanent: bool = False) -> None:
        super().__init__(why)
        self.permanent = permanent


class NoticesMisconfigured(ValueError):
    """Mail or a webhook is not set up as it must be; the message names the entry and the remedy."""
