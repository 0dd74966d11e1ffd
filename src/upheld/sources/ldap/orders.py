"""Orders to a directory: looked up as the account that reads, carried out as the one that writes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from upheld.sources.enforcing import Order, Right, State, Verb
from upheld.sources.ldap import ad_orders, creating, openldap_orders
from upheld.sources.ldap.by_ldap3 import Ldap3Client
from upheld.sources.ldap.client import SUCCESS, EndedEarlyError, refusal
from upheld.sources.ldap.get import Asked, Session, session
from upheld.sources.ldap.writing import Writer
from upheld.sources.source import SourceError


@dataclass(frozen=True)
class Orders:
    """One directory that may be written to."""

    asked: Asked

    def rights(self) -> Sequence[Right]:
        """See `Enforcing`: asked of OpenLDAP by trying without doing, of Active Directory by what it says we may write."""
        with self._reading() as found, self._writing() as writer:
            told = ad_orders.rights(found, writer) if found.is_active_directory else openldap_orders.rights(found, writer)
            return [*told, creating.right(found, writer)]

    def look(self, order: Order, *, before: str = "") -> State:
        """See `Enforcing`."""
        with self._reading() as found:
            if order.verb == Verb.CREATE:
                return creating.look(found, order, before)
            if not found.is_active_directory:
                return openldap_orders.look(found, order, before)
            state = ad_orders.look(found, order, before)
        return state if state is not ad_orders.NOT_SHOWN else self._deleted(order)

    def do(self, order: Order, *, secret: str = "") -> None:
        """See `Enforcing`."""
        with self._reading() as found, self._writing() as writer:
            if order.verb == Verb.CREATE:
                creating.do(found, writer, order, secret)
            else:
                (ad_orders if found.is_active_directory else openldap_orders).do(found, writer, order, secret)

    def _deleted(self, order: Order) -> State:
        """What is deleted lies in Deleted Objects for months, where those may look who were let; what is not shown may be anything."""
        with self._writing() as writer:
            try:
                gone = writer.client.deleted(f"CN=Deleted Objects,{self.asked.base}", ad_orders.id_filter(order.account))
            except EndedEarlyError as error:
                raise SourceError(str(error), permanent=False) from error
        if gone:
            return State(order.verb.takes, "the account was deleted: it lies in Deleted Objects")
        return State(None, f"no account with the id {order.account} is shown, nor is it among the deleted objects that may be seen")

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        found = session(self.asked)
        try:
            yield found
        except EndedEarlyError as error:
            raise SourceError(str(error), permanent=False) from error
        finally:
            found.client.close()

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        client = Ldap3Client(self.asked.where, writes=True)
        try:
            code = client.bind(self.asked.enforce_dn, self.asked.enforce_password)
            if code != SUCCESS:
                raise refusal(self.asked.where.url, self.asked.enforce_dn, code, "see the server's log")
            yield Writer(client, self.asked)
        finally:
            client.close()
