"""Mail: the file `mail.toml` of the workspace, and sending by SMTP. Each mail has one link, to the one thing to do."""

import smtplib
import ssl
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address
from types import TracebackType
from typing import Self

from django.conf import settings
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from upheld import clock, secret, workspace
from upheld.evidence.visible import visible
from upheld.notices.errors import NotDelivered, NoticesMisconfigured
from upheld.notices.models import Notice

FILE = "mail.toml"
PORTS = {"tls": 465, "starttls": 587, "none": 25}
_SECONDS = 30.0


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. `security` is tls, starttls, or none (this machine only); `password` is a reference."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = ""


def is_set_up() -> bool:
    """Return whether the workspace says how mail is sent at all."""
    return (workspace.current().root / FILE).is_file()


def server() -> MailServer | None:
    """Return what the workspace's `mail.toml` says; None where there is none. Raises `NoticesMisconfigured`."""
    path = workspace.current().root / FILE
    if not path.is_file():
        return None
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NoticesMisconfigured(f"{path} is no TOML: {error}") from error
    unknown = sorted(said.keys() - MailServer.__dataclass_fields__.keys())
    if unknown:
        raise NoticesMisconfigured(f"{path} says {', '.join(unknown)}; known are {', '.join(MailServer.__dataclass_fields__)}")
    security = str(said.get("security", "starttls"))
    if security not in PORTS or not said.get("host") or not is_address(parseaddr(str(said.get("sender", "")))[1]):
        raise NoticesMisconfigured(f"{path} must say host, sender (a mail address) and security (tls, starttls or none)")
    found = MailServer(
        str(said["host"]),
        int(said.get("port", PORTS[security])),
        security,
        str(said["sender"]),
        str(said.get("user", "")),
        str(said.get("password", "")),
    )
    if security == "none" and not is_here(found.host):
        raise NoticesMisconfigured(f"{path}: mail without encryption goes to a server on this machine only, not to {found.host}")
    return found


class Post:
    """A connection to the mail server, made when the first mail goes out and kept for the others."""

    def __init__(self) -> None:
        self._connection: smtplib.SMTP | None = None
        self._server: MailServer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._hang_up()

    def send(self, notices: Sequence[Notice]) -> None:
        """Send `notices`, all to one address, as one mail. Raises `NotDelivered`."""
        to = notices[0].to
        if not is_address(to):
            raise NotDelivered(f"{visible(to)[:80]!r} is no mail address", permanent=True)
        try:
            connection, configured = self._connected()
            connection.send_message(written(notices, configured.sender), parseaddr(configured.sender)[1], [to])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise NotDelivered(f"the mail server refused the address: {_text(code, said)}", permanent=code >= 500) from error
        except smtplib.SMTPResponseException as error:
            self._hang_up()
            raise NotDelivered(f"the mail server refused it: {_text(error.smtp_code, error.smtp_error)}") from error
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise NotDelivered(f"the mail server could not be reached: {error}") from error

    def _connected(self) -> tuple[smtplib.SMTP, MailServer]:
        if self._connection is not None and self._server is not None:
            return self._connection, self._server
        try:
            configured = server()
            password = secret.resolve(configured.password) if configured and configured.password else ""
        except (NoticesMisconfigured, secret.NoSecret) as error:
            raise NotDelivered(str(error)) from error
        if configured is None:
            raise NotDelivered(f"no mail server is set up: write {workspace.current().root / FILE}")
        self._connection, self._server = _connect(configured, password), configured
        return self._connection, configured

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def written(notices: Sequence[Notice], sender: str) -> EmailMessage:
    """Return the mail: text and the same as HTML; two attempts at it have one Message-ID."""
    first = notices[0]
    mail = EmailMessage()
    mail["From"], mail["To"] = _address(sender), _address(first.to)
    mail["Subject"] = visible(first.title)[:200] if len(notices) == 1 else _many(len(notices), first.language)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{first.id}.{len(notices)}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join(map(_plain, notices)) + "\n")
    mail.add_alternative("<!doctype html><html><body>" + "".join(map(_html, notices)) + "</body></html>", subtype="html")
    return mail


def _many(number: int, language: str) -> str:
    with translation.override(language or "en"):
        return gettext("%(number)d things for you") % {"number": number}


def address_of(link: str) -> str:
    """Return the whole address of a path in the product, at its own domain for one of the Trust Center."""
    if settings.TRUST_ADDRESS and link.startswith("/trust/"):
        return f"{settings.TRUST_ADDRESS}{link.removeprefix('/trust')}"
    return f"{settings.ADDRESS or 'http://127.0.0.1:8000'}{link}"


def _plain(notice: Notice) -> str:
    parts = [visible(notice.title), visible(notice.text, keep="\n"), address_of(notice.link) if notice.link else ""]
    return "\n".join(part for part in parts if part)


def _html(notice: Notice) -> str:
    title = escape(visible(notice.title))
    head = f'<a href="{escape(address_of(notice.link))}">{title}</a>' if notice.link else title
    lines = "".join(f"<p>{escape(visible(line))}</p>" for line in notice.text.splitlines() if line.strip())
    return f"<p><strong>{head}</strong></p>{lines}"


def _connect(to: MailServer, password: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if to.security == "tls":
        connection = smtplib.SMTP_SSL(to.host, to.port, timeout=_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(to.host, to.port, timeout=_SECONDS)
    if to.security == "starttls":
        connection.starttls(context=context)
    if to.user:
        connection.login(to.user, password)
    return connection


def is_address(text: str) -> bool:
    """Return whether `text` is one mail address and nothing else."""
    try:
        found = Address(addr_spec=text)
    except (ValueError, IndexError):
        return False
    return bool(found.username and found.domain) and text == text.strip() and visible(text) == text


def _address(text: str) -> Address:
    name, spec = parseaddr(text)
    return Address(name, addr_spec=spec)


def is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _text(code: int, said: bytes | str) -> str:
    return f"{code} {visible(said.decode('utf-8', 'replace') if isinstance(said, bytes) else said)[:200]}"
