"""A real provider of SAML 2.0, made with pysaml2: signed answers to what it was asked, for people who sign in at it."""

import json
import sys
import urllib.request
from importlib.util import find_spec
from shutil import which
from typing import Any
from urllib.error import URLError

from upheld.lab.certificates import make
from upheld.lab.service import NotInstalled, Service


class SamlProvider(Service):
    """The provider. `put` changes its people and `trust` the one party that it answers, both while it runs."""

    name = "saml"

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, dict[str, Any]] = {}
        self.party = ""

    @property
    def address(self) -> str:
        """Where people are sent to sign in."""
        return f"http://127.0.0.1:{self.port}/sso"

    @property
    def entity_id(self) -> str:
        """What it calls itself."""
        return f"http://127.0.0.1:{self.port}/metadata"

    @property
    def certificate(self) -> str:
        """The certificate of the key that it signs with, in PEM."""
        text = (self.folder / "idp.pem").read_text(encoding="ascii")
        return text[text.index("-----BEGIN CERTIFICATE") :]

    def put(self, user: str, password: str, **attributes: str) -> None:
        """Let `user` sign in with `password`; `attributes` are what it says of them."""
        self.people[user] = {"password": password, "attributes": attributes}
        self._write()

    def trust(self, metadata: str) -> None:
        """Answer the party that `metadata` describes."""
        self.party = metadata
        self._write()

    def command(self) -> list[str]:
        """Make the key, and write the file that the program reads."""
        for module in ("saml2", "flask"):
            if find_spec(module) is None:
                raise NotInstalled(f"{module} is not installed: run `make lab`")
        if which("xmlsec1") is None:
            raise NotInstalled("xmlsec1 is not installed: run `make lab`")
        make("lab-saml", bits=2048).write(self.folder / "idp.pem")
        self._write()
        return [sys.executable, "-m", "upheld.lab.saml_server", str(self.port), str(self.folder)]

    def answers(self) -> bool:
        """Whether it is there."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/here", timeout=1) as answer:
                return bool(answer.read() == self.entity_id.encode())
        except (URLError, OSError):
            return False

    def _write(self) -> None:
        for name, text in (("people.json", json.dumps(self.people)), ("party.xml", self.party)):
            (self.folder / f"{name}.new").write_text(text, encoding="utf-8")
            (self.folder / f"{name}.new").replace(self.folder / name)
