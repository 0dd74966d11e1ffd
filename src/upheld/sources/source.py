"""What a source is: a kind that declares its settings, tables and rights, and a connection that collects."""

import importlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from upheld import secret
from upheld.evidence.collection import Collecting


class SourceError(Exception):
    """A source cannot be read: says what happened, to whom, and what to do.

    `permanent`: trying again without a change changes nothing (wrong password); otherwise it may go through later.
    """

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class Misconfigured(SourceError):
    """A setting is missing or makes no sense; nothing was contacted."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


# Settings that may be the path of a file or folder; so may any whose name ends in _file. Others may share a folder's name by chance.
PATHS = frozenset(
    (
        "file",
        "mapping",
        "folder",
        "repository",
        "cache",
        "scratch",
        "compare_with",
        "root",
        "reviews",
        "gnupg_home",
        "known_hosts",
        "allowed_signers",
    )
)


@dataclass(frozen=True)
class Setting:
    """One thing `upheld source add` must be told. A secret is given as a reference: env:NAME, file:PATH or command:..."""

    name: str
    meaning: str
    default: str | None = None
    secret: bool = False

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        return self.default is None

    @property
    def is_path(self) -> bool:
        """Whether its value may be the path of a file or folder of this machine."""
        return self.name in PATHS or self.name.endswith("_file")


@runtime_checkable
class Source(Protocol):
    """A connection to one real system. Made by its kind from settings; contacts nothing until asked."""

    def test(self) -> str:
        """Return a sentence about what answers and with which rights; raises `SourceError`."""
        ...

    def collect(self, into: Collecting) -> None:
        """Read everything the kind declares into `into`.

        What can be read is kept when something else fails: a table that ends early is `cut_short`, a column that is
        refused is `denied`. Raises `SourceError` only when nothing can be read at all.
        """
        ...


class SourceKind(Protocol):
    """A kind of source: what `upheld source kinds` lists. Third parties add one by an entry point `upheld.sources`."""

    name: ClassVar[str]
    title: ClassVar[str]
    tables: ClassVar[Sequence[str]]
    settings: ClassVar[Sequence[Setting]]
    least_rights: ClassVar[str]
    notice: ClassVar[str]  # shown on every page while such a source is in use; empty for real ones

    # A kind may say `tried: ClassVar[str]`: on what it was tried, where that is not the real system; it is shown where a source is added.

    def connect(self, settings: Mapping[str, str]) -> Source:
        """Return a source with `settings` (defaults filled in, secrets resolved); raises `Misconfigured`."""
        ...


SHIPPED = {
    "access_model": "upheld.sources.access_model:ACCESS_MODEL",
    "app_builds": "upheld.sources.app_builds:APP_BUILDS",
    "aws_iam": "upheld.sources.aws_iam:AWS_IAM",
    "dumps": "upheld.sources.dumps:DUMPS",
    "exported": "upheld.sources.exported:EXPORTED",
    "git": "upheld.sources.git:GIT",
    "handed_out": "upheld.sources.handed_out:HANDED_OUT",
    "host": "upheld.sources.host:HOST",
    "ldap": "upheld.sources.ldap:LDAP",
    "list": "upheld.sources.people:LIST",
    "mail_domains": "upheld.sources.mail_domains:MAIL_DOMAINS",
    "malware_test": "upheld.sources.malware_test:MALWARE_TEST",
    "people": "upheld.sources.people:PEOPLE",
    "postgresql": "upheld.sources.postgresql:POSTGRESQL",
    "product": "upheld.sources.product:PRODUCT",
    "reach": "upheld.sources.reach:REACH",
    "restic": "upheld.sources.restic:RESTIC",
    "sample": "upheld.sources.sample:SAMPLE",
    "sbom": "upheld.sources.sbom:SBOM",
    "scim": "upheld.sources.scim:SCIM",
    "scim_people": "upheld.sources.scim:SCIM_PEOPLE",
    "scim_push": "upheld.sources.scim_push:SCIM_PUSH",
    "scim_push_people": "upheld.sources.scim_push:SCIM_PUSH_PEOPLE",
    "scanner": "upheld.sources.scanner:SCANNER",
    "secrets": "upheld.sources.secrets:SECRETS",
    "sntp": "upheld.sources.sntp:SNTP",
    "tenants": "upheld.sources.tenants:TENANTS",
    "test_data": "upheld.sources.test_data:TEST_DATA",
    "tls": "upheld.sources.tls:TLS",
    "written": "upheld.sources.written:WRITTEN",
}


def resolve_secret(reference: str) -> str:
    """Return the secret that `reference` points to; raises `Misconfigured`, never showing the secret.

    env:NAME reads the environment, file:PATH a file that only its owner can read (0600), command:ARGV what a
    program prints. Anything else is refused: a secret is never stored.
    """
    try:
        return secret.resolve(reference)
    except secret.NoSecret as error:
        raise Misconfigured(str(error)) from error


def complete(kind: SourceKind, given: Mapping[str, str]) -> dict[str, str]:
    """Return `given` with defaults filled in and secrets resolved; raises `Misconfigured` naming what is wrong."""
    known = {setting.name: setting for setting in kind.settings}
    for name in given:
        if name not in known:
            raise Misconfigured(f"source kind {kind.name} has no setting {name!r}; it has {', '.join(known) or 'none'}")
    values: dict[str, str] = {}
    for setting in kind.settings:
        value = given.get(setting.name, setting.default)
        if value is None:
            raise Misconfigured(f"source kind {kind.name} needs {setting.name}: {setting.meaning}")
        values[setting.name] = _resolved(setting, value)
    return values


# scheme://user:password@host. What follows the colon is no port, and a host in brackets (IPv6) is no user.
_WITH_PASSWORD = re.compile(r"://[^\s/?#@:\[]*:(?!\d*(?:[/?#,]|$))\S*@")


def _resolved(setting: Setting, value: str) -> str:
    if setting.secret:
        return resolve_secret(value) if value else value
    if _WITH_PASSWORD.search(value):
        raise Misconfigured(
            f"{setting.name} holds an address with a password in it, which would be stored and shown: leave the password out"
        )
    return value


def absolute(kind: SourceKind, given: Mapping[str, str]) -> dict[str, str]:
    """Return `given` with each path of a file or folder that is there made absolute, so that it is found from any folder (cron's is /)."""
    known = {setting.name: setting for setting in kind.settings}
    return {name: _absolute(known[name], value) if name in known else value for name, value in given.items()}


def _absolute(setting: Setting, value: str) -> str:
    if setting.secret:
        return f"file:{_path(value.removeprefix('file:'))}" if value.startswith("file:") else value
    return _path(value) if setting.is_path else value


def _path(value: str) -> str:
    try:
        path = Path(value).expanduser()
        return str(path.absolute()) if value and path.exists() else value
    except (OSError, ValueError, RuntimeError):  # too long for a name, a NUL in it, or ~ of nobody: then it is no path
        return value


@cache
def _brought() -> dict[str, EntryPoint]:
    """Return the kinds that installed packages bring, by name; looked for once, since every page asks and the search reads each package."""
    return {entry.name: entry for entry in entry_points(group="upheld.sources")}


def tried(kind: SourceKind) -> str:
    """Return what `kind` was tried on in words, where that is not the real system; "" otherwise."""
    return str(getattr(kind, "tried", ""))


def names() -> list[str]:
    """Return the name of every kind of source, shipped or brought by an installed package, in alphabetical order."""
    return sorted({*SHIPPED, *_brought()})


def kind(name: str) -> SourceKind:
    """Return the kind of source called `name`; only its module is loaded. Raises `Misconfigured` naming those there are."""
    if name in SHIPPED:
        module, _, attribute = SHIPPED[name].partition(":")
        shipped: SourceKind = getattr(importlib.import_module(module), attribute)
        return shipped
    if name in _brought():
        brought: SourceKind = _brought()[name].load()
        return brought
    raise Misconfigured(f"there is no kind of source called {name!r}; there are {', '.join(names())}")
