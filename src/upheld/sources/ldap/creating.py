"""Making accounts in a directory: one entry, whole at once, at the place that the source was set up with."""

from collections.abc import Mapping

from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import escape_rdn

from upheld.sources.enforcing import Holder, Order, Refusal, Right, State, Verb, for_whom, made
from upheld.sources.ldap.client import INSUFFICIENT, SUCCESS, UNDEFINED_TYPE, Entry
from upheld.sources.ldap.get import Session
from upheld.sources.ldap.values import folded
from upheld.sources.ldap.writing import Writer, refused

ATTRIBUTES = ("uid", "sAMAccountName", "employeeNumber", "employeeID")
NORMAL_ACCOUNT = "512"
NOWHERE = "nobody said where accounts are made: set create_below (docs/sources/ldap.md)"
PERSON = ("inetOrgPerson",)
USER = ("top", "person", "organizationalPerson", "user")
Attributes = Mapping[str, str | bytes]


def right(found: Session, writer: Writer) -> Right:
    """Return whether the writing account may make accounts: asked of OpenLDAP by trying without doing, of the domain by what it says."""
    below = found.asked.create_below
    if not below:
        return Right(Verb.CREATE, False, NOWHERE)
    if found.is_active_directory:
        return _domain_says(found, writer)
    probe = Holder("upheld-probe", "Upheld Probe")
    code, said = writer.client.add(_dn(found, "upheld-probe"), PERSON, _person("upheld-probe", probe, "upheld-probe-Passw0rd!"), dry=True)
    if code == SUCCESS:
        return Right(Verb.CREATE, True, "tried without doing it: the server would")
    if code == INSUFFICIENT:
        return Right(Verb.CREATE, False, f"{found.asked.enforce_dn} may not add entries below {below}: give it add there")
    return Right(Verb.CREATE, None, f"the server does not say without doing it ({said})")


def _domain_says(found: Session, writer: Writer) -> Right:
    if found.asked.where.tls == "none":
        return Right(Verb.CREATE, False, "passwords are set over TLS alone: use ldaps://, or set start_tls=yes")
    place = writer.client.read(found.asked.create_below, ("allowedChildClassesEffective",))
    if place is None:
        return Right(Verb.CREATE, False, f"{found.asked.create_below} is not shown to {found.asked.enforce_dn}")
    may = "user" in {name.lower() for name in place.texts("allowedchildclasseseffective")}
    said = f"the domain {'lets' if may else 'does not let'} it make accounts below {found.asked.create_below}"
    return Right(Verb.CREATE, may, said)


def look(found: Session, order: Order, before: str) -> State:
    """Return whether the account was made. The name is looked for in all that is read, not only where accounts are made."""
    entry = _named(found, order.account)
    return made(order, _number(entry) if entry else None, before, there=entry is not None)


def do(found: Session, writer: Writer, order: Order, secret: str) -> None:
    """Make the account; raises `Refusal`, also where the name stands anywhere in the directory."""
    whose = for_whom(order, secret)
    if not found.asked.create_below:
        raise Refusal(NOWHERE)
    if there := _named(found, order.account):
        raise Refusal(f"the name {order.account} is taken by {there.dn}")
    if found.is_active_directory and found.asked.where.tls == "none":
        raise Refusal("Active Directory sets passwords over TLS alone: use ldaps://, or set start_tls=yes")
    dn = _dn(found, order.account)
    classes, attributes = (
        (USER, _user(found, order.account, whose, secret)) if found.is_active_directory else (PERSON, _entry(order, whose, secret))
    )
    code, said = writer.client.add(dn, classes, attributes)
    if code == UNDEFINED_TYPE and "pwdReset" in attributes:  # without the overlay nobody can be made to change it
        code, said = writer.client.add(dn, classes, {name: value for name, value in attributes.items() if name != "pwdReset"})
    if code != SUCCESS:
        raise Refusal(refused("a new account", dn, found.asked.enforce_dn, code, said))


def _named(found: Session, name: str) -> Entry | None:
    attribute = "sAMAccountName" if found.is_active_directory else "uid"
    return next(found.search(found.asked.base, f"({attribute}={escape_filter_chars(name)})", ATTRIBUTES), None)


def _number(entry: Entry) -> str | None:
    return entry.text("employeeid") or entry.text("employeenumber")


def _dn(found: Session, name: str) -> str:
    """Return the entry's name. The log-on name stands in it, since two people may have one name."""
    return f"{'CN' if found.is_active_directory else 'uid'}={escape_rdn(name)},{found.asked.create_below}"


def _names(whose: Holder) -> dict[str, str]:
    """Return the attributes that name somebody; the last word is taken for the family name, which the schema asks for."""
    given, _, family = whose.name.strip().rpartition(" ")
    told = {"sn": family or whose.number, "givenName": given, "displayName": whose.name, "mail": whose.mail}
    return {name: value for name, value in told.items() if value}


def _person(name: str, whose: Holder, secret: str) -> Attributes:
    return {"uid": name, "cn": whose.name or name, **_names(whose), "employeeNumber": whose.number, "userPassword": secret}


def _entry(order: Order, whose: Holder, secret: str) -> Attributes:
    return {**_person(order.account, whose, secret), "pwdReset": "TRUE"}


def _user(found: Session, name: str, whose: Holder, secret: str) -> Attributes:
    domain = ".".join(part.partition("=")[2].strip() for part in folded(found.asked.base).split(",") if part.strip().startswith("dc="))
    return {
        "sAMAccountName": name,
        "userPrincipalName": f"{name}@{domain}",
        **_names(whose),
        "employeeID": whose.number,
        "unicodePwd": f'"{secret}"'.encode("utf-16-le"),
        "userAccountControl": NORMAL_ACCOUNT,
        "pwdLastSet": "0",
    }
