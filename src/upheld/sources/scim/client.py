"""Asks a SCIM 2.0 server (RFC 7644) over HTTP: by page, with a token, following no redirect, and never plainly over a network."""

import http.client
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson

from upheld.sources.source import Misconfigured, SourceError

Json = dict[str, Any]
MAX_BYTES = 64 << 20
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class EndedEarlyError(Exception):
    """A list ended before its last resource; what came before it is right. The message says why, for people."""


@dataclass(frozen=True)
class Answered:
    """What came back: the status, and the JSON object in it (empty where there is none)."""

    status: int
    body: Json

    @property
    def detail(self) -> str:
        """What the server says of it in words, else the status alone."""
        said = self.body.get("detail")
        return f"status {self.status}{f', {said}' if isinstance(said, str) else ''}"[:300]


@dataclass(frozen=True)
class Client:
    """A SCIM server at `url` (with its path, such as https://idp.example.org/scim/v2), spoken to with one token."""

    url: str
    token: str = field(repr=False)
    ca_file: str
    timeout: float
    page_size: int

    def ask(self, method: str, path: str, body: Json | None = None, *, if_match: str = "") -> Answered:
        """Send one request and return the answer, whatever its status; raises `SourceError` where none came."""
        parts = urlsplit(self.url)
        connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
        headers = {"Accept": "application/scim+json, application/json", "Authorization": f"Bearer {self.token}"}
        headers |= {"Content-Type": "application/scim+json"} if body is not None else {}
        headers |= {"If-Match": if_match} if if_match else {}
        try:
            connection.request(method, parts.path.rstrip("/") + path, orjson.dumps(body) if body is not None else None, headers)
            came = connection.getresponse()
            text = came.read(MAX_BYTES + 1)
        except ssl.SSLError as error:
            raise SourceError(
                f"TLS with {self.url} failed ({error.reason or error}): set ca_file to the authority that signed it", permanent=True
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise SourceError(f"{self.url} did not answer: {str(error) or type(error).__name__}", permanent=False) from error
        finally:
            connection.close()
        return Answered(came.status, self._read(text, came.status))

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self.timeout)
        context = ssl.create_default_context(cafile=self.ca_file or None)
        return http.client.HTTPSConnection(host, port, timeout=self.timeout, context=context)

    def _read(self, text: bytes, status: int) -> Json:
        if len(text) > MAX_BYTES:
            raise SourceError(f"{self.url} answered with more than {MAX_BYTES >> 20} MiB: set a smaller page_size", permanent=True)
        try:
            found = orjson.loads(text) if text.strip() else {}
        except orjson.JSONDecodeError as error:
            if status >= 400:  # proxies and gateways answer in HTML
                return {}
            raise SourceError(
                f"{self.url} answered with what is no JSON: is it the address of its SCIM endpoint?", permanent=True
            ) from error
        return found if isinstance(found, dict) else {}

    def get(self, path: str) -> Json | None:
        """Return the resource at `path`, None where the server says that there is none; raises `SourceError`."""
        answer = self.ask("GET", path)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise refused(self.url, answer)
        return answer.body

    def listed(self, endpoint: str) -> Iterator[Json]:
        """Yield every resource of `endpoint`; raises `EndedEarlyError` after the last that came, `SourceError` before the first."""
        start, total, came = 1, None, 0
        while total is None or start <= total:
            page = self._page(endpoint, start, first=total is None)
            told = page.get("totalResults")
            if not isinstance(told, int) or (total is not None and told != total):
                raise EndedEarlyError(f"{endpoint}: the number of its entries changed or was not told while it was read")
            total = told
            resources = [each for each in page.get("Resources") or [] if isinstance(each, dict)]
            yield from resources
            came += len(resources)
            if not resources:
                break
            start += len(resources)
        if total is not None and came < total:
            raise EndedEarlyError(f"{endpoint}: {came} of {total} entries came")

    def _page(self, endpoint: str, start: int, *, first: bool) -> Json:
        try:
            answer = self.ask("GET", f"{endpoint}?{urlencode({'startIndex': start, 'count': self.page_size})}")
        except SourceError as error:
            if first:
                raise
            raise EndedEarlyError(str(error)) from error
        if answer.status == 200:
            return answer.body
        if first:
            raise refused(self.url, answer)
        raise EndedEarlyError(f"{endpoint}: {answer.detail}")

    def patch(self, path: str, operations: list[Json], *, version: str = "") -> Answered:
        """Change the resource at `path`, if it is still of `version` where one is given."""
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": operations}, if_match=version)


def resource_path(endpoint: str, name: str) -> str:
    """Return the path of the resource `name`, which may hold any character."""
    return f"{endpoint}/{quote(name, safe='')}"


def refused(url: str, answer: Answered) -> SourceError:
    """Return what an answer means that is none to what was asked."""
    if answer.status in (401, 403):
        return SourceError(f"{url} refused the token ({answer.detail}): check token, and that it may read users and groups", permanent=True)
    return SourceError(f"{url}: {answer.detail}", permanent=answer.status in (400, 404, 501))


def client(settings: Mapping[str, str]) -> Client:
    """Return the client that `settings` ask for; raises `Misconfigured` for one that would show its token to the network."""
    parts = urlsplit(settings["url"])
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise Misconfigured(f"url is {settings['url']!r}; it is to be https://HOST/PATH, the address of the SCIM endpoint")
    if parts.scheme == "http" and not _is_loopback(parts.hostname) and settings["allow_plaintext"] != "yes":
        raise Misconfigured(f"the token would cross the network to {parts.hostname} unencrypted: use https://")
    if not settings["page_size"].isdecimal() or not 1 <= int(settings["page_size"]) <= 1000:
        raise Misconfigured(f"page_size is {settings['page_size']!r}; it is a number from 1 to 1000")
    if not settings["timeout"].isdecimal() or not 1 <= int(settings["timeout"]) <= 600:
        raise Misconfigured(f"timeout is {settings['timeout']!r}; it is a number of seconds from 1 to 600")
    return Client(settings["url"], settings["token"], settings["ca_file"], float(settings["timeout"]), int(settings["page_size"]))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
