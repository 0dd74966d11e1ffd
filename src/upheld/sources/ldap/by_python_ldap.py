"""The client in C (extra `ldap`): several times as fast; asks for the next page while this one is turned into rows."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

import ldap
from ldap.controls import RequestControl, SimplePagedResultsControl

from upheld.sources.ldap.address import Address
from upheld.sources.ldap.client import FALSE, SD_FLAGS, SD_FLAGS_DACL, TRUE, EndedEarlyError, Entry, why_ended
from upheld.sources.source import SourceError


class PythonLdapClient:
    """A connection by python-ldap; opens at `bind`."""

    library: ClassVar[str] = "python-ldap"

    def __init__(self, where: Address) -> None:
        self._where = where
        self._ldap: Any = None

    def bind(self, dn: str, password: str) -> int:
        """See `Client`."""
        self.close()
        try:
            self._ldap = self._opened()
            self._ldap.simple_bind_s(dn, password)
        except (ldap.SERVER_DOWN, ldap.CONNECT_ERROR, ldap.TIMEOUT) as error:
            raise _unreached(self._where, _said(error)) from error
        except ldap.LDAPError as error:
            return _code(error)
        return 0

    def read(self, dn: str, attributes: Sequence[str]) -> Entry | None:
        """See `Client`."""
        try:
            found = self._ldap.search_ext_s(dn, ldap.SCOPE_BASE, "(objectClass=*)", list(attributes), timeout=self._where.timeout)
        except (ldap.SERVER_DOWN, ldap.TIMEOUT) as error:
            raise EndedEarlyError(f"the connection to {self._where.url} broke off ({type(error).__name__})") from error
        except ldap.LDAPError:
            return None
        return next(_entries(found), None)

    def search(self, base: str, search_filter: str, attributes: Sequence[str], *, page_size: int) -> Iterator[Entry]:
        """See `Client`."""
        paged = SimplePagedResultsControl(False, size=page_size, cookie="")
        controls = [paged]
        if "nTSecurityDescriptor" in attributes:
            controls.append(RequestControl(SD_FLAGS, False, SD_FLAGS_DACL))
        asked: int | None = self._ask(base, search_filter, attributes, controls)
        while asked is not None:
            came, cookie, error = self._page(asked)
            asked = None
            if cookie and error is None:
                paged.cookie = cookie
                asked = self._ask(base, search_filter, attributes, controls)
            yield from _entries(came)
            if error is not None:
                raise self._ended(base, error) from error

    def compare(self, dn: str, attribute: str, value: bytes) -> int:
        """See `Client`."""
        try:
            return TRUE if self._ldap.compare_s(dn, attribute, value) else FALSE
        except ldap.LDAPError as error:
            return _code(error)

    def close(self) -> None:
        """See `Client`."""
        if self._ldap is not None:
            with suppress(ldap.LDAPError):  # it may be gone already
                self._ldap.unbind_s()
            self._ldap = None

    def _opened(self) -> Any:
        opened = ldap.initialize(self._where.url)
        opened.set_option(ldap.OPT_PROTOCOL_VERSION, 3)
        opened.set_option(ldap.OPT_REFERRALS, 0)
        opened.set_option(ldap.OPT_NETWORK_TIMEOUT, self._where.timeout)
        opened.set_option(ldap.OPT_TIMEOUT, self._where.timeout)
        if self._where.tls != "none":
            opened.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
            if self._where.ca_file:
                opened.set_option(ldap.OPT_X_TLS_CACERTFILE, str(self._where.ca_file))
            opened.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
        if self._where.tls == "starttls":
            opened.start_tls_s()
        return opened

    def _ask(self, base: str, search_filter: str, attributes: Sequence[str], controls: list[Any]) -> int:
        try:
            return int(self._ldap.search_ext(base, ldap.SCOPE_SUBTREE, search_filter, list(attributes), serverctrls=controls))
        except ldap.LDAPError as error:
            raise self._ended(base, error) from error

    def _page(self, asked: int) -> tuple[list[Any], bytes, ldap.LDAPError | None]:
        """Return one page, the cookie for the next (empty at the end), and the error that ended it; entries before an error are kept."""
        came: list[Any] = []
        try:
            while True:
                # One by one, so that what came before a broken connection is not thrown away with it.
                kind, found, _, controls = self._ldap.result3(asked, all=0, timeout=self._where.timeout)
                came.extend(found)
                if kind == ldap.RES_SEARCH_RESULT:
                    cookie = next(
                        (control.cookie for control in controls if control.controlType == SimplePagedResultsControl.controlType), b""
                    )
                    return came, cookie, None
        except ldap.LDAPError as error:
            return came, b"", error

    def _ended(self, base: str, error: ldap.LDAPError) -> EndedEarlyError:
        if isinstance(error, (ldap.SERVER_DOWN, ldap.TIMEOUT)):
            return EndedEarlyError(f"the connection to {self._where.url} broke off ({type(error).__name__})")
        return EndedEarlyError(why_ended(base, _code(error), type(error).__name__))


def _entries(found: Sequence[tuple[str | None, Mapping[str, list[bytes]]]]) -> Iterator[Entry]:
    """Yield entries of an answer; a referral has no name and is not followed."""
    for dn, attributes in found:
        if dn is not None:
            yield Entry(dn, {name.lower(): values for name, values in attributes.items()})


def _code(error: ldap.LDAPError) -> int:
    told = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return int(told.get("result", -1))


def _said(error: ldap.LDAPError) -> str:
    told = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return str(told.get("info") or told.get("desc") or type(error).__name__)


def _unreached(where: Address, said: str) -> SourceError:
    """Return what a failed connection means. libldap does not always name TLS as the cause: a port that opens points to it."""
    if where.tls != "none" and _opens(where):
        wrong = f"the certificate of {where.url} is not trusted or TLS failed ({said}): set ca_file to the authority that signed it"
        return SourceError(wrong, permanent=True)
    return SourceError(f"{where.url} cannot be reached within {where.timeout:g} s: {said}", permanent=False)


def _opens(where: Address) -> bool:
    try:
        socket.create_connection((where.host, where.port), timeout=where.timeout).close()
    except OSError:
        return False
    return True
