"""The client in pure Python, installed by default: needs nothing compiled, and reads some thousand entries a second."""

import math
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from ldap3 import ANONYMOUS, BASE, NONE, SIMPLE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPCertificateError, LDAPException, LDAPSocketOpenError, LDAPStartTLSError
from ldap3.operation.bind import bind_operation

from upheld.sources.ldap.address import Address
from upheld.sources.ldap.client import NO_SUCH_OBJECT, SD_FLAGS, SD_FLAGS_DACL, SUCCESS, EndedEarlyError, Entry, why_ended
from upheld.sources.source import SourceError

PAGED, SHOW_DELETED = "1.2.840.113556.1.4.319", "1.2.840.113556.1.4.417"
Changes = Mapping[str, Sequence[tuple[str, Sequence[str | bytes]]]]
# OpenLDAP's own control, and its result for what would have been done (LDAP_X_NO_OPERATION, ldap.h).
NO_OPERATION, WOULD_HAVE_BEEN_DONE = ("1.3.6.1.4.1.4203.666.5.2", True, None), 0x410E


class Ldap3Client:
    """A connection by ldap3; opens at `bind`."""

    library: ClassVar[str] = "ldap3"

    def __init__(self, where: Address, *, writes: bool = False) -> None:
        self._where, self._writes = where, writes
        tls = Tls(
            validate=ssl.CERT_REQUIRED,
            version=ssl.PROTOCOL_TLS_CLIENT,
            ca_certs_file=str(where.ca_file) if where.ca_file else None,
        )
        self._server = Server(
            where.host, where.port, use_ssl=where.tls == "ldaps", tls=tls, get_info=NONE, connect_timeout=where.timeout
        )  # fmt: skip
        self._connection: Any = None

    def bind(self, dn: str, password: str) -> int:
        """See `Client`. An empty `dn` binds anonymously; a `dn` with an empty password is sent as it is, which RFC 4513 5.1.2 warns of."""
        self.close()
        connection = Connection(
            self._server, receive_timeout=math.ceil(self._where.timeout), auto_referrals=False, check_names=False,
            read_only=not self._writes,
        )  # fmt: skip
        try:
            connection.open()
            if self._where.tls == "starttls":
                connection.start_tls()
            self._connection = connection
            return _bound(connection, dn, password)
        except (LDAPCertificateError, LDAPStartTLSError, ssl.SSLError) as error:
            raise SourceError(_tls_refused(self._where, error), permanent=True) from error
        except LDAPSocketOpenError as error:
            raise SourceError(_not_reached(self._where, error), permanent="certificate" in str(error).lower()) from error
        except (LDAPException, OSError) as error:
            raise SourceError(f"{self._where.url} did not answer: {type(error).__name__}", permanent=False) from error

    def read(self, dn: str, attributes: Sequence[str]) -> Entry | None:
        """See `Client`."""
        entries, result = self._asked(dn, "(objectClass=*)", attributes, scope=BASE)
        if result["result"] not in (0, NO_SUCH_OBJECT) and not entries:
            return None
        return entries[0] if entries else None

    def search(self, base: str, search_filter: str, attributes: Sequence[str], *, page_size: int) -> Iterator[Entry]:
        """See `Client`."""
        cookie: bytes | None = None
        while True:
            entries, result = self._asked(base, search_filter, attributes, page_size=page_size, cookie=cookie)
            yield from entries
            if result["result"] != 0:
                raise EndedEarlyError(why_ended(base, int(result["result"]), str(result["description"])))
            cookie = result.get("controls", {}).get(PAGED, {}).get("value", {}).get("cookie")
            if not cookie:
                return

    def compare(self, dn: str, attribute: str, value: bytes) -> int:
        """See `Client`."""
        assert self._connection is not None, "bind first"
        try:
            self._connection.compare(dn, attribute, value)
        except LDAPException:
            return -1
        return int(self._connection.result["result"])

    def deleted(self, base: str, search_filter: str) -> bool:
        """Whether Active Directory shows a deleted object below `base` that fits; raises `EndedEarlyError`."""
        entries, _ = self._asked(base, f"(&(isDeleted=TRUE){search_filter})", ["1.1"], controls=[(SHOW_DELETED, True, None)])
        return bool(entries)

    def modify(self, dn: str, changes: Changes, *, dry: bool = False) -> tuple[int, str]:
        """Change the entry `dn` and return the result code, and what the server said; `dry` asks OpenLDAP what would come of it.

        Raises `EndedEarlyError` when the connection broke off: nobody knows then whether it was changed.
        """
        return self._changed(lambda connection: connection.modify(dn, changes, controls=[NO_OPERATION] if dry else None))

    def add(self, dn: str, classes: Sequence[str], attributes: Mapping[str, str | bytes], *, dry: bool = False) -> tuple[int, str]:
        """Add the entry `dn`; see `modify`."""
        return self._changed(
            lambda connection: connection.add(dn, list(classes), dict(attributes), controls=[NO_OPERATION] if dry else None)
        )

    def _changed(self, change: Callable[[Any], object]) -> tuple[int, str]:
        assert self._connection is not None, "bind first"
        try:
            change(self._connection)
        except (LDAPException, OSError) as error:
            raise EndedEarlyError(f"the connection to {self._where.url} broke off ({type(error).__name__})") from error
        except KeyError as error:
            if error.args != (WOULD_HAVE_BEEN_DONE,):  # ldap3 has no words for this one
                raise
            return SUCCESS, ""
        result = self._connection.result
        return int(result["result"]), f"{result['description']}{': ' if result['message'] else ''}{result['message']}"

    def close(self) -> None:
        """See `Client`."""
        if self._connection is not None:
            with suppress(LDAPException, OSError):  # it may be gone already
                self._connection.unbind()
            self._connection = None

    def _asked(
        self,
        base: str,
        search_filter: str,
        attributes: Sequence[str],
        *,
        scope: Any = SUBTREE,
        page_size: int | None = None,
        cookie: bytes | None = None,
        controls: Any = None,
    ) -> tuple[list[Entry], dict[str, Any]]:
        assert self._connection is not None, "bind first"
        controls = [(SD_FLAGS, False, SD_FLAGS_DACL)] if "nTSecurityDescriptor" in attributes else controls
        try:
            self._connection.search(
                base, search_filter, scope, attributes=list(attributes), paged_size=page_size, paged_cookie=cookie, controls=controls
            )  # fmt: skip
        except (LDAPException, OSError) as error:
            raise EndedEarlyError(f"the connection to {self._where.url} broke off ({type(error).__name__})") from error
        answers = self._connection.response or []
        entries = [
            Entry(answer["dn"], {name.lower(): values for name, values in answer["raw_attributes"].items() if values})
            for answer in answers
            if answer["type"] == "searchResEntry"
        ]
        return entries, self._connection.result


def _bound(connection: Any, dn: str, password: str) -> int:
    """Sign in and return the result code."""
    if dn and not password:
        # ldap3 will not send a name with an empty password, but whether the server takes one is what a probe is to find out.
        request = bind_operation(3, ANONYMOUS)
        request["name"] = dn
        answer = connection.post_send_single_response(connection.send("bindRequest", request, None))
        return int(answer[0]["result"])
    connection.user, connection.password = dn or None, password
    connection.authentication = SIMPLE if dn else ANONYMOUS
    connection.bind()
    return int(connection.result["result"])


def _tls_refused(where: Address, error: Exception) -> str:
    return f"the certificate of {where.url} is not trusted or TLS failed ({error}): set ca_file to the authority that signed it"


def _not_reached(where: Address, error: Exception) -> str:
    if "certificate" in str(error).lower():
        return _tls_refused(where, error)
    return f"{where.url} cannot be reached within {where.timeout:g} s: {error}"
