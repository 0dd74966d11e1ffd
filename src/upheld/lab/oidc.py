"""A real provider of OpenID Connect, made with Authlib: discovery, authorization code with PKCE, signed identities, user info."""

import json
import sys
import urllib.request
from importlib.util import find_spec
from typing import Any
from urllib.error import URLError

from upheld.lab.service import NotInstalled, Service

CLIENT, SECRET = "upheld", "lab-secret-lab-secret"


class OpenIdProvider(Service):
    """The provider, with people who sign in at it by name and password. `put` changes them while it runs."""

    name = "oidc"

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, dict[str, Any]] = {}
        self.redirect = ""

    @property
    def address(self) -> str:
        """The issuer."""
        return f"http://127.0.0.1:{self.port}"

    def put(self, user: str, password: str, **claims: Any) -> None:
        """Let `user` sign in with `password`; `claims` are what the provider says of them."""
        self.people[user] = {"password": password, "claims": claims}
        self._write()

    def expect(self, redirect: str) -> None:
        """Take `redirect` as the one address to send people back to."""
        self.redirect = redirect
        self._write()

    def command(self) -> list[str]:
        """Write the file that the program reads."""
        for module in ("authlib", "flask"):
            if find_spec(module) is None:
                raise NotInstalled(f"{module} is not installed: run `make lab`")
        self._write()
        return [sys.executable, "-m", "upheld.lab.oidc_server", str(self.port), str(self.folder / "provider.json")]

    def answers(self) -> bool:
        """Whether discovery answers with our issuer."""
        try:
            with urllib.request.urlopen(f"{self.address}/.well-known/openid-configuration", timeout=1) as answer:  # noqa: S310 - ours
                return bool(json.load(answer)["issuer"] == self.address)
        except (URLError, OSError, ValueError):
            return False

    def _write(self) -> None:
        client = {"id": CLIENT, "secret": SECRET, "redirect": self.redirect}
        path = self.folder / "provider.json"
        path.with_suffix(".new").write_text(json.dumps({"client": client, "people": self.people}), encoding="utf-8")
        path.with_suffix(".new").replace(path)
