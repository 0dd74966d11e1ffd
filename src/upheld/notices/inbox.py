"""A mailbox in which people report: the file `inbox.toml` of the workspace, and reading what is new in it by IMAP."""

import imaplib
import re
import ssl
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

from upheld import secret, workspace
from upheld.evidence.visible import visible
from upheld.notices.errors import NoticesMisconfigured
from upheld.notices.mail import is_here

FILE = "inbox.toml"
PORTS = {"tls": 993, "starttls": 143, "none": 143}
LARGEST_BYTES = 1_000_000  # of a larger mail the header alone is read
LONGEST = 9_000  # characters of a mail's text
MOST_AT_ONCE = 50
_SECONDS = 30.0
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class NotRead(Exception):
    """The mailbox could not be read; the message says why, and what to do."""


@dataclass(frozen=True)
class Inbox:
    """Where mail is read. `security` is tls, starttls, or none (this machine only); `password` is a reference."""

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str = "INBOX"


@dataclass(frozen=True)
class Letter:
    """One mail: who says that they sent it, what it says, and whether a program sent it by itself. `key` is the same for the same mail."""

    uid: str
    key: str
    sender: str
    text: str
    automatic: bool


def is_set_up() -> bool:
    """Return whether the workspace names a mailbox."""
    return (workspace.current().root / FILE).is_file()


def inbox() -> Inbox:
    """Return what the workspace's `inbox.toml` says. Raises `NoticesMisconfigured`."""
    path = workspace.current().root / FILE
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NoticesMisconfigured(f"{path} is no TOML: {error}") from error
    if unknown := sorted(said.keys() - Inbox.__dataclass_fields__.keys()):
        raise NoticesMisconfigured(f"{path} says {', '.join(unknown)}; known are {', '.join(Inbox.__dataclass_fields__)}")
    security = str(said.get("security", "tls"))
    if security not in PORTS or not all(isinstance(said.get(name), str) and said[name] for name in ("host", "user", "password")):
        raise NoticesMisconfigured(f"{path} must say host, user, password (a reference) and security (tls, starttls or none)")
    if security == "none" and not is_here(said["host"]):
        raise NoticesMisconfigured(f"{path}: mail without encryption is read from this machine only, not from {said['host']}")
    port = said.get("port", PORTS[security])
    if not isinstance(port, int):
        raise NoticesMisconfigured(f"{path}: port is a number")
    return Inbox(said["host"], port, security, said["user"], said["password"], str(said.get("folder", "INBOX")))


class Mailbox:
    """An open mailbox."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    def unread(self) -> Iterator[Letter]:
        """Yield mails that nobody has read, the oldest first, so many at once. None counts as read by that. Raises `NotRead`."""
        found = self._ask("search", "UNSEEN")
        for uid in (found[0] or b"").split()[:MOST_AT_ONCE]:
            yield self._letter(uid.decode())

    def keep_read(self, letter: Letter) -> None:
        """Mark `letter` as read. Raises `NotRead`."""
        self._ask("store", letter.uid, "+FLAGS", r"(\Seen)")

    def _letter(self, uid: str) -> Letter:
        head = self._ask("fetch", uid, "(RFC822.SIZE BODY.PEEK[HEADER])")
        size = _SIZE.search(b" ".join(part[0] if isinstance(part, tuple) else part for part in head if part))
        whole = size is not None and int(size[1]) <= LARGEST_BYTES
        read = self._ask("fetch", uid, "(BODY.PEEK[])") if whole else head
        data = next((part[1] for part in read if isinstance(part, tuple)), b"")
        message = message_from_bytes(data, policy=policy.default)
        key = sha256(str(message["Message-ID"] or "").encode() or data).hexdigest()
        return Letter(uid, key, parseaddr(str(message["From"] or ""))[1][:200], _text(message, whole=whole), _automatic(message))

    def _ask(self, command: str, *words: str) -> list[Any]:
        try:
            status, found = self._connection.uid(command, *words)
        except (imaplib.IMAP4.error, OSError) as error:
            raise NotRead(f"the mailbox broke off: {visible(str(error))[:200]}") from error
        if status != "OK":
            raise NotRead(f"the mailbox refused {command}: {visible(str(found))[:200]}")
        return found


@contextmanager
def opened(said: Inbox) -> Iterator[Mailbox]:
    """Open the mailbox. Raises `NotRead`, and `NoSecret` where the password is nowhere."""
    password = secret.resolve(said.password)
    where = f"{said.host}:{said.port}"
    try:
        connection = _connected(said)
        connection.login(said.user, password)
        status, _ = connection.select(f'"{said.folder}"')
    except imaplib.IMAP4.error as error:
        raise NotRead(f"{where} does not let {said.user} in: {visible(str(error))[:200]}") from error
    except (OSError, ssl.SSLError) as error:
        raise NotRead(f"{where} cannot be reached: {error}") from error
    if status != "OK":
        raise NotRead(f"{where} has no folder {said.folder} for {said.user}")
    try:
        yield Mailbox(connection)
    finally:
        connection.shutdown()


def _connected(said: Inbox) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if said.security == "tls":
        return imaplib.IMAP4_SSL(said.host, said.port, ssl_context=context, timeout=_SECONDS)
    connection = imaplib.IMAP4(said.host, said.port, timeout=_SECONDS)
    if said.security == "starttls":
        connection.starttls(ssl_context=context)
    return connection


def _automatic(message: EmailMessage) -> bool:
    """Whether a program sent it by itself: an absence note, a bounce, a list (RFC 3834)."""
    by_itself = str(message["Auto-Submitted"] or "no").lower() != "no"
    bulk = str(message["Precedence"] or "").lower() in ("bulk", "junk", "list", "auto_reply")
    return by_itself or bulk or str(message["Return-Path"] or "").strip() == "<>" or not parseaddr(str(message["From"] or ""))[1]


def _text(message: EmailMessage, *, whole: bool) -> str:
    """Return what `message` says: its subject, its text, and what was attached and left where it is."""
    subject = " ".join(str(message["Subject"] or "No subject").split())
    if not whole:
        return visible(f"{subject}\n\nThe mail is larger than is read; look at it in the mailbox.", keep="\n")
    body = message.get_body(("plain", "html"))
    said = _content(body) if isinstance(body, EmailMessage) else ""
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    attached = f"\n\nAttached, and left in the mailbox: {', '.join(names)}" if names else ""
    return visible(f"{subject}\n\n{said.strip()[:LONGEST]}{attached[:500]}", keep="\n").strip()


def _content(body: EmailMessage) -> str:
    try:
        said = str(body.get_content())
    except (LookupError, ValueError):  # of an encoding that nobody knows
        payload = body.get_payload(decode=True)
        said = payload.decode("latin-1") if isinstance(payload, bytes) else ""
    return _Words(said).text if body.get_content_subtype() == "html" else said.replace("\r\n", "\n")


class _Words(HTMLParser):
    """The words of a page, without its marks, scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._found: list[str] = []
        self._within = ""
        self.feed(page)

    @property
    def text(self) -> str:
        """The words, a line for each piece."""
        return "\n".join(self._found)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within not in ("script", "style") and data.strip():
            self._found.append(" ".join(data.split()))
