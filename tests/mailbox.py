"""A real mail server on this machine, which keeps what it takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from upheld.lab.service import free_port
from upheld.workspace import Workspace


class Mailbox:
    """What a real mail server takes; addresses that begin with `gone` it refuses for good, with `busy` for now."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802  what the server calls it
        if address.startswith("gone"):
            return "550 no such mailbox"
        if address.startswith("busy"):
            return "451 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  as above
        self.taken.append(envelope.content)
        return "250 OK"

    def mails(self) -> list[EmailMessage]:
        """Return what was taken, as mails."""
        return [message_from_bytes(each, policy=policy.default) for each in self.taken]


@contextmanager
def posted(space: Workspace) -> Iterator[Mailbox]:
    """Run the server, let the workspace hand its mail in there, and yield what it takes."""
    port = free_port()
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    (space.root / "mail.toml").write_text(
        f'host = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "Upheld <upheld@sample.example>"\n', encoding="utf-8"
    )
    try:
        yield box
    finally:
        controller.stop()
