"""What cn=config of an OpenLDAP server tells: access rules, the root account, the policy that holds by default."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from upheld.sources.ldap.client import Entry
from upheld.sources.ldap.values import SCHEMES, folded, integer

ATTRIBUTES = (
    "objectClass", "olcDatabase", "olcSuffix", "olcRootDN", "olcAccess", "olcLastBind", "olcPPolicyDefault", "olcPasswordHash",
    "olcIdleTimeout",
)  # fmt: skip


@dataclass(frozen=True)
class Configuration:
    """A server's configuration as far as it bears on accounts. `access` are the rules in force for the base, in order.

    `has_policies` is whether password policies are enforced at all; `root_password` whether the root account can sign in with a
    password of the configuration, None when that may not be asked for.
    """

    root: frozenset[str] = frozenset()
    root_password: bool | None = None
    access: tuple[str, ...] = ()
    last_bind: bool = False
    has_policies: bool = False
    default_policy: str | None = None
    scheme: str | None = "ssha"
    idle_timeout: timedelta | None = None
    notes: tuple[str, ...] = field(default=())


def configuration(entries: Sequence[Entry], base: str, root_password: bool | None) -> Configuration | None:
    """Return what the entries of cn=config say about the database that holds `base`; None when they do not show it."""
    database = _database(entries, folded(base))
    if database is None or not {"olcaccess", "olcrootdn"} & set(database.attributes):
        return None
    frontend = next((entry for entry in entries if entry.text("olcdatabase") in ("{-1}frontend", "frontend")), None)
    overlays = [entry for entry in entries if folded(entry.dn).endswith("," + folded(database.dn))]
    policies = [entry for entry in overlays if b"olcPPolicyConfig" in entry.attributes.get("objectclass", ())]
    default = next((entry.text("olcppolicydefault") for entry in policies), None)
    root = database.text("olcrootdn")
    top = next((entry for entry in entries if folded(entry.dn) == "cn=config"), None)
    return Configuration(
        root=frozenset([folded(root)] if root else []),
        root_password=root_password,
        access=tuple(rule for entry in (database, frontend) if entry for rule in _ordered(entry.texts("olcaccess"))),
        last_bind=database.text("olclastbind") == "TRUE" or any("lastbind" in entry.dn.lower() for entry in overlays),
        has_policies=bool(policies),
        default_policy=folded(default) if default else None,
        scheme=_scheme([entry for entry in (frontend, top) if entry]),
        idle_timeout=_seconds(top),
    )


def _database(entries: Sequence[Entry], base: str) -> Entry | None:
    """Return the database with the longest suffix that `base` lies under."""
    found = [(folded(suffix), entry) for entry in entries for suffix in entry.texts("olcsuffix")]
    holding = [(len(suffix), entry) for suffix, entry in found if base == suffix or base.endswith("," + suffix) or not suffix]
    return max(holding, key=lambda pair: pair[0], default=(0, None))[1]


def _ordered(rules: Sequence[str]) -> list[str]:
    """Return access rules in the order of their {n}, without it."""

    def place(rule: str) -> int:
        number = rule[1:].partition("}")[0] if rule.startswith("{") else ""
        return int(number) if number.lstrip("-").isdigit() else 0

    return [rule.partition("}")[2] if rule.startswith("{") else rule for rule in sorted(rules, key=place)]


def _scheme(entries: Sequence[Entry]) -> str:
    for entry in entries:
        said = entry.text("olcpasswordhash")
        if said:
            name = said.split()[0].strip("{}").lower()
            return "pbkdf2" if name.startswith("pbkdf2") else SCHEMES.get(name.encode(), name)
    return "ssha"  # slapd.conf(5), password-hash: the default


def _seconds(entry: Entry | None) -> timedelta | None:
    seconds = integer(entry.attributes["olcidletimeout"][0]) if entry and "olcidletimeout" in entry.attributes else None
    return timedelta(seconds=seconds) if seconds else None
