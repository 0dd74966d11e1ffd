"""What the bind account may see: an attribute that no entry shows is either absent everywhere, or kept from us.

Decided by comparing on a few entries: RFC 4511 makes a server answer "no such attribute" for one that is absent and may be asked
for, and "insufficient access rights" for one that may not. An attribute that the server's schema does not know is not supported.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from upheld.sources.ldap.client import Client, Entry, Shown, shown

SAMPLE = 3
# A value of the right syntax, equal to nothing that is really there.
PROBES = {
    "pwdAccountLockedTime": b"19000101000000Z",
    "pwdChangedTime": b"19000101000000Z",
    "pwdLastSuccess": b"19000101000000Z",
    "authTimestamp": b"19000101000000Z",
    "createTimestamp": b"19000101000000Z",
    "modifyTimestamp": b"19000101000000Z",
    "pwdEndTime": b"19000101000000Z",
    "pwdReset": b"FALSE",
    "pwdPolicySubentry": b"cn=upheld-probe",
    "employeeNumber": b"upheld-probe",
    "mail": b"upheld-probe",
    "userPassword": b"upheld-probe",
    "uidNumber": b"-1",
}


@dataclass
class Sight:
    """`denied` attributes are kept from us, `unknown` ones are not in the server's schema, `hidden` ones are there but not shown.

    A hidden attribute may be searched for by presence (access level search), which is all that is needed to know who has a password.
    """

    denied: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)

    def sees(self, attribute: str) -> bool:
        """Whether the absence of `attribute` (in lower case) means that it is really absent."""
        return attribute not in self.denied and attribute not in self.hidden

    def knows(self, *attributes: str) -> bool:
        """Whether the server's schema has any of `attributes`."""
        return any(attribute.lower() not in self.unknown for attribute in attributes)


def sight(client: Client, sample: Sequence[Entry], schema: frozenset[str], attributes: Iterable[str]) -> Sight:
    """Return what `client` may see of `attributes`, judged on `sample`; `schema` are the attributes the server knows (empty: untold)."""
    found = Sight()
    for attribute in attributes:
        name = attribute.lower()
        if schema and name not in schema:
            found.unknown.add(name)
            continue
        told = {_told(client, entry, attribute) for entry in sample if name not in entry.attributes}
        if Shown.DENIED in told:
            found.denied.add(name)
        elif Shown.PRESENT in told:
            found.hidden.add(name)
    return found


def _told(client: Client, entry: Entry, attribute: str) -> Shown:
    return shown(client.compare(entry.dn, attribute, PROBES.get(attribute, b"cn=upheld-probe")))


def attribute_names(subschema: Mapping[str, Sequence[bytes]]) -> frozenset[str]:
    """Return the names, in lower case, of all attribute types in a subschema entry."""
    names: set[str] = set()
    for definition in subschema.get("attributetypes", ()):
        words = definition.decode("utf-8", "replace").split("'")
        head = words[0]
        if " NAME (" in head:
            inside = definition.decode("utf-8", "replace").split(" NAME (", 1)[1].split(")", 1)[0]
            names.update(word.lower() for word in inside.split("'")[1::2])
        elif " NAME " in head and len(words) > 1:
            names.add(words[1].lower())
    return frozenset(names)
