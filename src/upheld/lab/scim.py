"""A real SCIM 2.0 server (scim2-server): users and groups in memory, versions, PATCH, pages; a token that reads and one that writes."""

import json
import sys
import urllib.request
from importlib.util import find_spec
from typing import Any
from urllib.error import HTTPError, URLError

from upheld.lab.service import NotInstalled, Service

READER, WRITER = "lab-reader-3c1a", "lab-writer-9d2b"


class ScimServer(Service):
    """The server; `stop_after` ends it by itself before it answers that many pages of lists."""

    name = "scim"

    def __init__(self, *, stop_after: int = 0) -> None:
        super().__init__()
        self.stop_after = stop_after

    @property
    def url(self) -> str:
        """The address of its endpoint."""
        return f"http://127.0.0.1:{self.port}/v2"

    @property
    def settings(self) -> dict[str, str]:
        """What the source kind `scim` needs to read it; the token is resolved already."""
        return {"url": self.url, "token": READER}

    def let_write(self) -> dict[str, str]:
        """Return the setting by which a source may enforce."""
        return {"enforce_token": WRITER}

    def command(self) -> list[str]:
        """Return the program."""
        if find_spec("scim2_server") is None:
            raise NotInstalled("scim2-server is not installed: run `make lab`")
        return [sys.executable, "-m", "upheld.lab.scim_server", str(self.port), READER, WRITER, str(self.stop_after)]

    def answers(self) -> bool:
        """Whether it lets our token read."""
        try:
            return self.ask("GET", "/Users?count=1") is not None
        except (URLError, OSError):
            return False

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask it as the one that writes, and return the JSON that it answered."""
        headers = {"Authorization": f"Bearer {WRITER}", "Content-Type": "application/scim+json"}
        sent = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, sent, headers, method=method)  # noqa: S310  always our own http address
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                return json.loads(answer.read() or b"{}")
        except HTTPError as error:
            raise URLError(f"{error.code}: {error.read()!r}") from error

    def add_user(self, name: str, **attributes: Any) -> str:
        """Add a user and return its id."""
        core, enterprise = "urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
        body = {"schemas": [core, enterprise], "userName": name, "active": True, **attributes}
        if "employeeNumber" in body:
            body[enterprise] = {"employeeNumber": body.pop("employeeNumber")}
        return str(self.ask("POST", "/Users", body)["id"])

    def add_group(self, name: str, *members: str) -> str:
        """Add a group of users and groups, by id, and return its own."""
        body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name}
        return str(self.ask("POST", "/Groups", {**body, "members": [{"value": each} for each in members]})["id"])

    def user(self, name: str) -> Any:
        """Return the user of that id."""
        return self.ask("GET", f"/Users/{name}")
