"""Where a directory is and how it is spoken to: a password never crosses a network unencrypted unless told so in words."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from upheld.sources.source import Misconfigured

YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Address:
    """A directory's address. `tls` is "ldaps", "starttls" or "none"; `ca_file` None means the system's roots."""

    host: str
    port: int
    tls: str
    ca_file: Path | None
    timeout: float

    @property
    def url(self) -> str:
        """As people write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'ldaps' if self.tls == 'ldaps' else 'ldap'}://{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether nothing sent to it leaves this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def address(settings: Mapping[str, str]) -> Address:
    """Return the address that `settings` give; raises `Misconfigured` for one that would show a password to the network."""
    parts = urlsplit(settings["url"])
    if parts.scheme not in ("ldap", "ldaps") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise Misconfigured(f"url is {settings['url']!r}; it is to be ldap://HOST or ldaps://HOST, with a port where it is another")
    try:
        port = parts.port or (636 if parts.scheme == "ldaps" else 389)
    except ValueError as error:
        raise Misconfigured(f"url is {settings['url']!r}: {error}") from error
    ca_file = _ca_file(settings["ca_file"])
    plain = Address(parts.hostname, port, "none", ca_file, seconds(settings, "timeout"))
    if parts.scheme == "ldaps":
        return Address(plain.host, port, "ldaps", ca_file, plain.timeout)
    if _start_tls(settings, plain):
        return Address(plain.host, port, "starttls", ca_file, plain.timeout)
    if settings["password"] and not plain.is_loopback and not choice(settings, "allow_plaintext"):
        raise Misconfigured(f"the password would cross the network to {plain.host} unencrypted: use ldaps://, or set start_tls=yes")
    return plain


def _start_tls(settings: Mapping[str, str], plain: Address) -> bool:
    return not plain.is_loopback if settings["start_tls"] == "auto" else choice(settings, "start_tls")


def _ca_file(said: str) -> Path | None:
    if not said:
        return None
    path = Path(said).expanduser()
    try:
        ssl.create_default_context(cafile=str(path))
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured(f"ca_file {path} holds no certificate that can be read") from error
    return path


def choice(settings: Mapping[str, str], name: str) -> bool:
    """Return the yes or no of the setting `name`; raises `Misconfigured` for anything else."""
    if settings[name] not in YES_NO:
        raise Misconfigured(f"{name} is {settings[name]!r}; it is yes or no")
    return YES_NO[settings[name]]


def seconds(settings: Mapping[str, str], name: str) -> float:
    """Return the setting `name` as a number of seconds above 0; raises `Misconfigured`."""
    try:
        value = float(settings[name])
    except ValueError as error:
        raise Misconfigured(f"{name} is {settings[name]!r}; it is a number of seconds") from error
    if not 0 < value <= 3600:
        raise Misconfigured(f"{name} is {settings[name]!r}; it is above 0 and at most 3600 seconds")
    return value
