"""Asks a directory: what it is, what it knows, and what it shows the bind account."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec

from upheld.sources.ldap.address import Address
from upheld.sources.ldap.by_ldap3 import Ldap3Client
from upheld.sources.ldap.client import SUCCESS, Client, EndedEarlyError, Entry, Shown, refusal, shown
from upheld.sources.ldap.kinds import KindRules
from upheld.sources.ldap.sight import attribute_names
from upheld.sources.source import Misconfigured, SourceError

ACTIVE_DIRECTORY = b"1.2.840.113556.1.4.800"
ROOT = ("supportedCapabilities", "namingContexts", "configContext", "subschemaSubentry", "vendorName", "vendorVersion", "dnsHostName")


@dataclass(frozen=True)
class Asked:
    """What a source was set to read, and as whom."""

    where: Address
    base: str
    bind_dn: str
    password: str = field(repr=False)
    system: str
    kinds: KindRules
    person_filter: str
    group_filter: str
    admin_groups: frozenset[str]
    mfa_attributes: tuple[str, ...]
    default_policy: str
    page_size: int
    library: str
    enforce_dn: str = ""
    enforce_password: str = field(default="", repr=False)
    create_below: str = ""
    probe_dn: str = ""
    probe_password: str = field(default="", repr=False)


@dataclass
class Session:
    """A signed-in connection and what the server says of itself. `schema` is empty when it does not show its attribute types."""

    asked: Asked
    client: Client
    root: Entry
    schema: frozenset[str]

    @property
    def is_active_directory(self) -> bool:
        """Whether it is Active Directory, or Samba in its place."""
        return ACTIVE_DIRECTORY in self.root.attributes.get("supportedcapabilities", ())

    def search(self, base: str, search_filter: str, attributes: Sequence[str]) -> Iterator[Entry]:
        """Yield the entries below `base`; raises `EndedEarlyError` after the last that came."""
        return self.client.search(base, search_filter, attributes, page_size=self.asked.page_size)


def client_class(library: str) -> Callable[[Address], Client]:
    """Return the client of `library` (auto: the fastest installed); raises `Misconfigured`."""
    if library not in ("auto", "ldap3", "python-ldap"):
        raise Misconfigured(f"client is {library!r}; it is auto, ldap3 or python-ldap")
    if library == "ldap3" or find_spec("ldap") is None:
        if library == "python-ldap":
            raise Misconfigured("python-ldap is not installed: install the extra, upheld[ldap], or set client=ldap3")
        return Ldap3Client
    from upheld.sources.ldap.by_python_ldap import PythonLdapClient  # noqa: PLC0415  an extra that need not be installed

    return PythonLdapClient


def session(asked: Asked) -> Session:
    """Sign in and return the session; raises `SourceError` saying what to do."""
    client = client_class(asked.library)(asked.where)
    code = client.bind(asked.bind_dn, asked.password)
    if code != SUCCESS:
        client.close()
        raise refusal(asked.where.url, asked.bind_dn, code, "see the server's log")
    try:
        root = client.read("", ROOT) or Entry("", {})
        subschema = root.text("subschemasubentry")
        told = client.read(subschema, ("attributeTypes",)) if subschema else None
    except EndedEarlyError as error:
        raise SourceError(str(error), permanent=False) from error
    return Session(asked, client, root, attribute_names(told.attributes) if told else frozenset())


def all_of(entries: Iterable[Entry], short: Callable[[str], None]) -> list[Entry]:
    """Return every entry that came, and tell `short` why there are no more when the search ended early."""
    found: list[Entry] = []
    try:
        for entry in entries:
            found.append(entry)
    except EndedEarlyError as error:
        short(str(error))
    return found


def streamed(entries: Iterable[Entry], short: Callable[[str], None], progress: Callable[[int], None]) -> Iterator[Entry]:
    """Yield every entry that comes, telling `progress` after each thousand, and `short` why there are no more when it ended early."""
    try:
        for count, entry in enumerate(entries, start=1):
            if count % 1000 == 0:
                progress(count)
            yield entry
    except EndedEarlyError as error:
        short(str(error))


def sampled(found: Session, search_filter: str, attributes: Sequence[str], count: int) -> list[Entry]:
    """Return the first `count` entries that fit, but not our own, on which we may have rights that others' do not give."""
    sample: list[Entry] = []
    try:
        for entry in found.client.search(found.asked.base, search_filter, attributes, page_size=count + 1):
            if entry.dn.lower() != found.asked.bind_dn.lower():
                sample.append(entry)
            if len(sample) == count:
                break
    except EndedEarlyError:
        return sample  # the search for all of them ends the same way, and says so
    return sample


def names_with(found: Session, search_filter: str, attribute: str) -> list[str] | None:
    """Return the names of entries that have `attribute`, without asking for its value; None when the search does not come to its end."""
    try:
        return [entry.dn for entry in found.search(found.asked.base, f"(&{search_filter}({attribute}=*))", ("1.1",))]
    except EndedEarlyError:
        return None


def configuration_entries(found: Session, attributes: Sequence[str]) -> list[Entry]:
    """Return the databases and overlays of cn=config; none where the bind account may not read it."""
    context = found.root.text("configcontext") or "cn=config"
    try:
        wanted = "(|(objectClass=olcGlobal)(objectClass=olcDatabaseConfig)(objectClass=olcOverlayConfig))"
        return list(found.search(context, wanted, attributes))
    except EndedEarlyError:
        return []


def has_root_password(found: Session, database: str) -> bool | None:
    """Return whether the database of cn=config called `database` has an olcRootPW, by asking for its presence; None when that is denied."""
    return {Shown.PRESENT: True, Shown.ABSENT: False}.get(shown(found.client.compare(database, "olcRootPW", b"upheld-probe")))


def settings_of(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the comma-separated words of the setting `name`."""
    return tuple(word.strip() for word in values[name].split(",") if word.strip())
