"""How people sign in here: the file `sign-in.toml` of the workspace, and the password parameters that measures judge by too."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificate

from upheld import workspace
from upheld.checks import library
from upheld.checks.floor import Value
from upheld.checks.front import MeasureError
from upheld.checks.span import Span, span

FILE = "sign-in.toml"
IDLE_LOCK, SESSION_AGE = timedelta(minutes=30), timedelta(hours=12)
LONGEST_IDLE, LONGEST_SESSION = timedelta(hours=8), timedelta(days=7)
SAML = ("entity_id", "certificate")  # what a provider of SAML says, and others do not
KINDS = ("openid_connect", "saml")


class PolicyError(ValueError):
    """`sign-in.toml` cannot be used; the message names the entry and the remedy."""


@dataclass(frozen=True)
class Provider:
    """A provider of single sign-on. `secret` is a reference (env:NAME ...); `second_factor` says that it demands one itself.

    `makes_accounts` lets in whoever it knows, as an employee; otherwise only those who have an account here already.
    One of kind `saml` has no secret but an `entity_id`, and a `certificate`, in PEM, by which its answers are known.
    """

    id: str
    name: str
    kind: str
    address: str
    client_id: str
    secret: str
    second_factor: bool
    makes_accounts: bool
    entity_id: str = ""
    certificate: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port, for the browser's list of where forms may lead."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class Policy:
    """What `sign-in.toml` says; what it leaves out is as strict as this."""

    idle_lock: timedelta = IDLE_LOCK
    session_age: timedelta = SESSION_AGE
    everybody_second_factor: bool = False
    breach_range: str = ""
    providers: tuple[Provider, ...] = ()


@dataclass(frozen=True)
class PasswordRules:
    """The company's own parameters of chapter access: one number for the policy's text, the measures, and what is enforced here."""

    minimum_length: int
    history: int
    lock_after: int
    lock_time: timedelta


def policy() -> Policy:
    """Return what the workspace's `sign-in.toml` says; raises `PolicyError`."""
    path = workspace.current().root / FILE
    if not path.is_file():
        return Policy()
    try:
        return _read(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path} is no TOML: {error}") from error


def password_rules() -> PasswordRules:
    """Return the parameters in force; raises `MeasureError` where `parameters.toml` is wrong."""
    space = workspace.current()
    declared = library.parameters_in_force(space.measures, space.parameters).declared

    def value(name: str) -> Value:
        return declared["access", name].value

    return PasswordRules(
        _whole(value("password_length")), _whole(value("password_history")), _whole(value("lock_after")), _span(value("lock_time"))
    )


def _whole(value: Value) -> int:
    if not isinstance(value, int):
        raise MeasureError("parameters.toml", None, f"{value!r} is no whole number", "write it without quotes")
    return value


def _span(value: Value) -> timedelta:
    if not isinstance(value, Span):
        raise MeasureError("parameters.toml", None, f"{value!r} is no span of time", 'write it as "10 minutes"')
    return value.about


def _read(said: dict[str, Any]) -> Policy:
    known = {"idle_lock", "session_age", "second_factor", "breach_range", "provider"}
    if unknown := sorted(set(said) - known):
        raise PolicyError(f"{FILE}: {unknown[0]!r} means nothing here; there are {', '.join(sorted(known))}")
    who = said.get("second_factor", "changers")
    if who not in ("changers", "everybody"):
        raise PolicyError(f'{FILE}: second_factor is "changers" (all who can change anything) or "everybody", not {who!r}')
    return Policy(
        idle_lock=_within(said, "idle_lock", IDLE_LOCK, LONGEST_IDLE),
        session_age=_within(said, "session_age", SESSION_AGE, LONGEST_SESSION),
        everybody_second_factor=who == "everybody",
        breach_range=_range(said["breach_range"]) if said.get("breach_range") else "",
        providers=tuple(_provider(each) for each in said.get("provider", ())),
    )


def _within(said: Mapping[str, Any], name: str, usual: timedelta, longest: timedelta) -> timedelta:
    if name not in said:
        return usual
    try:
        length = span(str(said[name])).about
    except ValueError as error:
        raise PolicyError(f"{FILE}: {name}: {error}") from error
    if not timedelta(minutes=1) <= length <= longest:
        raise PolicyError(f"{FILE}: {name} is {said[name]}; it lies between 1 minute and {longest}")
    return length


def _provider(said: Mapping[str, Any]) -> Provider:
    known = {"id", "name", "kind", "address", "client_id", "client_secret", "second_factor", "makes_accounts", *SAML}
    if unknown := sorted(set(said) - known):
        raise PolicyError(f"{FILE}: provider: {unknown[0]!r} means nothing here; there are {', '.join(sorted(known))}")
    if missing := sorted({"id", "kind", "address"} - set(said)):
        raise PolicyError(f"{FILE}: a provider lacks {missing[0]}")
    if said["kind"] not in KINDS:
        raise PolicyError(f"{FILE}: provider {said['id']}: kind is {' or '.join(KINDS)}, not {said['kind']!r}")
    name = str(said["id"])
    if not name.isascii() or not name.replace("-", "").isalnum():
        raise PolicyError(f"{FILE}: provider {name!r}: an id is letters, digits and hyphens")
    entity_id, certificate = _saml(name, said) if said["kind"] == "saml" else ("", "")
    return Provider(
        id=name,
        name=str(said.get("name", name)),
        kind=said["kind"],
        address=_address(said["address"], f"provider {name}: address"),
        client_id=str(said.get("client_id", "")),
        secret=str(said.get("client_secret", "")),
        second_factor=said.get("second_factor") is True,
        makes_accounts=said.get("makes_accounts") is True,
        entity_id=entity_id,
        certificate=certificate,
    )


def _saml(name: str, said: Mapping[str, Any]) -> tuple[str, str]:
    """Return entity id and certificate of a provider of SAML; raises `PolicyError`."""
    if find_spec("onelogin") is None:
        raise PolicyError(f"{FILE}: provider {name}: SAML takes the extra `saml`; pip install 'upheld[saml]'")
    if missing := sorted(each for each in SAML if not said.get(each)):
        raise PolicyError(f"{FILE}: provider {name} lacks {missing[0]}")
    path = workspace.current().root / str(said["certificate"])
    try:
        text = path.read_text(encoding="ascii")
        load_pem_x509_certificate(text.encode())
    except (OSError, ValueError) as error:
        raise PolicyError(f"{FILE}: provider {name}: {path} is no certificate in PEM that can be read: {error}") from error
    return str(said["entity_id"]), text


def is_address(place: str) -> bool:
    """Whether `place` is asked over a network, and no folder of this machine."""
    return "://" in place


def _range(said: object) -> str:
    """Return where stolen passwords are looked up: an address, or a folder, which may be given from the workspace on."""
    if is_address(str(said)):
        return _address(said, "breach_range")
    folder = workspace.current().root / str(said)
    if not folder.is_dir():
        raise PolicyError(
            f"{FILE}: breach_range is an https address, or a folder of files by the first five characters; {folder} is neither"
        )
    return str(folder)


def _address(said: object, what: str) -> str:
    parts = urlsplit(str(said))
    here = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme not in ("https", "http") or not parts.hostname or (parts.scheme == "http" and not here):
        raise PolicyError(f"{FILE}: {what} must be an https address, not {said!r}")
    return str(said)
