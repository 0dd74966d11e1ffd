"""Writing to a directory: one entry at a time, and what a refusal means in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from upheld.sources.enforcing import Refusal
from upheld.sources.ldap.by_ldap3 import Changes, Ldap3Client
from upheld.sources.ldap.client import INSUFFICIENT, NO_SUCH_OBJECT, SUCCESS, UNDEFINED_TYPE, UNWILLING, Entry
from upheld.sources.ldap.get import Asked

ADD, DELETE, REPLACE = "MODIFY_ADD", "MODIFY_DELETE", "MODIFY_REPLACE"
CONSTRAINT, NO_SUCH_VALUE, ALREADY_THERE, OBJECT_CLASS, ALREADY_EXISTS = 19, 16, 20, 65, 68


@dataclass(frozen=True)
class Writer:
    """A connection that may write."""

    client: Ldap3Client
    asked: Asked

    def change(self, entry: Entry, what: str, changes: Changes, *, fine: Iterable[int] = ()) -> None:
        """Change `entry`; raises `Refusal` saying that `what` was refused, unless the result is one of `fine`."""
        code, said = self.client.modify(entry.dn, changes)
        if code != SUCCESS and code not in fine:
            raise Refusal(refused(what, entry.dn, self.asked.enforce_dn, code, said))

    def may(self, entry: Entry, changes: Changes) -> tuple[bool | None, str]:
        """Ask OpenLDAP whether `changes` of `entry` would be let through, without making them; None where it cannot say."""
        code, said = self.client.modify(entry.dn, changes, dry=True)
        if code == SUCCESS:
            return True, "tried without doing it: the server would"
        if code == INSUFFICIENT:
            return False, f"{self.asked.enforce_dn} may not write {', '.join(changes)}: give it write there"
        return None, f"the server does not say without doing it ({said})"


def refused(what: str, dn: str, who: str, code: int, said: str) -> str:
    """Return a sentence on a change of `dn` that ended with result `code`."""
    reasons = {
        INSUFFICIENT: f"{who} may not: give it write there (docs/sources/ldap.md)",
        NO_SUCH_OBJECT: "there is no such entry, or the account that writes may not see it",
        UNDEFINED_TYPE: "the server does not know that attribute: load the overlay ppolicy",
        OBJECT_CLASS: "the entry would not be whole: a group of this class must keep a member",
        CONSTRAINT: f"it breaks a rule of the server ({said})",
        UNWILLING: f"the server is unwilling ({said})",
    }
    return f"{what} of {dn} was refused: {reasons.get(code, f'result {code}, {said}')}"
