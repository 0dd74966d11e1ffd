"""LDAP directories: OpenLDAP and its like, and Active Directory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.enforcing import CannotEnforce
from upheld.sources.ldap import active_directory, openldap
from upheld.sources.ldap.address import address
from upheld.sources.ldap.get import Asked, Session, client_class, session, settings_of
from upheld.sources.ldap.kinds import kind_rules
from upheld.sources.ldap.orders import Orders
from upheld.sources.source import Misconfigured, Setting


@dataclass(frozen=True)
class LdapSource:
    """One directory, read as one bind account."""

    asked: Asked

    def test(self) -> str:
        """Return what answers, as whom, and with how much in sight; raises `SourceError`."""
        found = session(self.asked)
        try:
            kind = "Active Directory" if found.is_active_directory else found.root.text("vendorname") or "an LDAP server"
            how = {"none": "without TLS", "starttls": "with StartTLS", "ldaps": "with TLS"}[self.asked.where.tls]
            who = self.asked.bind_dn or "anonymous"
            return f"{self.asked.where.url} is {kind}, read {how} as {who} by {found.client.library}; {_in_sight(found)}"
        finally:
            found.client.close()

    def enforcer(self) -> Orders:
        """Return what carries out orders as enforce_dn; raises `CannotEnforce` where that is not set up."""
        if not self.asked.enforce_dn:
            raise CannotEnforce(
                "this directory is read only: set enforce_dn and enforce_password to an account that may write (docs/sources/ldap.md)"
            )
        return Orders(self.asked)

    def collect(self, into: Collecting) -> None:
        """Read the directory. What comes before a limit or a broken connection is kept; raises `SourceError` when nothing can be read."""
        found = session(self.asked)
        try:
            (active_directory if found.is_active_directory else openldap).collect(found, into)
        finally:
            found.client.close()


def _in_sight(found: Session) -> str:
    base = found.client.read(found.asked.base, ("1.1",))
    if base is None:
        return f"but {found.asked.base} is not shown: check base, and give the bind account read on it"
    return f"{found.asked.base} is in sight"


class LdapKind:
    """OpenLDAP, its like, and Active Directory."""

    name: ClassVar[str] = "ldap"
    title: ClassVar[str] = "LDAP directory (OpenLDAP, Active Directory)"
    tables: ClassVar[Sequence[str]] = ("accounts", "groups", "grants", "grantors", "password_rules", "logon_settings")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("system", "the system's id, as the list of systems names it"),
        Setting("url", "ldaps://HOST or ldap://HOST, with :PORT where it is another"),
        Setting("base", "entry below which everything is read, such as dc=example,dc=org"),
        Setting("bind_dn", "entry to sign in as; AD also takes user@domain. Empty reads as nobody", ""),
        Setting("password", "its password", "", secret=True),
        Setting("start_tls", "yes, no, or auto: yes unless the server is on this machine", "auto"),
        Setting("ca_file", "PEM file of the authority that signed the server's certificate; the system's roots when empty", ""),
        Setting("allow_plaintext", "yes lets the password cross a network unencrypted", "no"),
        Setting("timeout", "seconds to wait for an answer", "30"),
        Setting("page_size", "entries asked for at once", "1000"),
        Setting("client", "auto, ldap3 or python-ldap", "auto"),
        Setting("admin_pattern", "regular expression for log-on names of administrators' second accounts", ""),
        Setting("service_pattern", "regular expression for log-on names of programs", ""),
        Setting("shared_pattern", "regular expression for log-on names that several people share", ""),
        Setting("break_glass_pattern", "regular expression for log-on names of emergency accounts", ""),
        Setting("admin_groups", "names of groups that give administrative rights, separated by commas; AD's own are known", ""),
        Setting("default_policy", "OpenLDAP: the policy that holds by default, where cn=config is not readable", ""),
        Setting("mfa_attribute", "attributes, separated by commas, whose presence shows a second factor", "oathTOTPToken,oathHOTPToken"),
        Setting("person_filter", "filter for accounts; the usual one when empty", ""),
        Setting("group_filter", "filter for groups; the usual one when empty", ""),
        Setting("enforce_dn", "entry to write as, if accounts are to be disabled, groups changed, passwords reset; empty reads only", ""),
        Setting("enforce_password", "its password", "", secret=True),
        Setting(
            "probe_dn",
            "entry kept for trying whether guessing and weak passwords are stopped: each reading locks it. Empty tries nothing",
            "",
        ),
        Setting("probe_password", "its password", "", secret=True),
        Setting("create_below", "entry below which accounts are made, such as ou=people,dc=example,dc=org; empty makes none", ""),
    )
    least_rights: ClassVar[str] = (
        "An account of its own that may read entries with their operational attributes, may search (not read) userPassword, "
        "and may read cn=config except olcRootPW. Active Directory: any domain user, and read on the Password Settings Container."
    )
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> LdapSource:
        """Return the directory that `settings` name; raises `Misconfigured`."""
        client_class(settings["client"])
        if not settings["page_size"].isdecimal() or not 1 <= int(settings["page_size"]) <= 10_000:
            raise Misconfigured(f"page_size is {settings['page_size']!r}; it is a number from 1 to 10000")
        if settings["bind_dn"] and not settings["password"]:
            raise Misconfigured(
                "bind_dn is set without a password: a server takes that for nobody (RFC 4513 5.1.2); set password, or empty bind_dn"
            )
        if settings["enforce_dn"] and not settings["enforce_password"]:
            raise Misconfigured("enforce_dn is set without enforce_password: nobody is let write without one")
        if settings["probe_dn"] and not settings["probe_password"]:
            raise Misconfigured("probe_dn is set without probe_password: what is tried shows nothing unless it gets in before")
        return LdapSource(
            Asked(
                where=address(settings),
                base=settings["base"],
                bind_dn=settings["bind_dn"],
                password=settings["password"],
                system=settings["system"],
                kinds=kind_rules(settings),
                person_filter=settings["person_filter"],
                group_filter=settings["group_filter"],
                admin_groups=frozenset(word.lower() for word in settings_of(settings, "admin_groups")),
                mfa_attributes=settings_of(settings, "mfa_attribute"),
                default_policy=settings["default_policy"],
                page_size=int(settings["page_size"]),
                library=settings["client"],
                enforce_dn=settings["enforce_dn"],
                enforce_password=settings["enforce_password"],
                create_below=settings["create_below"],
                probe_dn=settings["probe_dn"],
                probe_password=settings["probe_password"],
            )
        )


LDAP = LdapKind()
