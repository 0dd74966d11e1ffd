"""Orders for systems that have no interface: handed out as a file, or by a signed webhook, and confirmed by a second person."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import orjson

from upheld import clock, outgoing
from upheld.evidence.collection import Collecting
from upheld.notices.webhooks import key_of, signed
from upheld.secret import NoSecret
from upheld.sources.enforcing import HandedOver, Order, Refusal, Right, State, Verb
from upheld.sources.source import Misconfigured, Setting, SourceError

GIVEN = (Verb.DISABLE, Verb.ENABLE, Verb.GRANT, Verb.REVOKE, Verb.END_SESSIONS)
# What a target that is gone, or will never take it, answers; anything else may pass.
NEVER = (400, 401, 403, 404, 405, 410, 413, 415, 422)


@dataclass(frozen=True)
class HandedOut:
    """Whoever carries out orders for one system: a folder that they look into, or a program that they run."""

    system: str
    folder: Path | None
    url: str
    key: bytes = field(repr=False)

    def test(self) -> str:
        """Return where orders go."""
        if self.folder is not None:
            return f"orders about {self.system} go into {self.folder}"
        return f"orders about {self.system} go to {self.url}, signed"

    def collect(self, into: Collecting) -> None:
        """Bring nothing: what such a system has is told by lists of its own."""
        into.note("orders are handed out here; accounts and grants of this system come by lists")

    def enforcer(self) -> "HandedOut":
        """Return itself."""
        return self

    def rights(self) -> Sequence[Right]:
        """See `Enforcing`. A new secret is never handed out."""
        if self.folder is not None:
            may, said = os.access(self.folder, os.W_OK), f"a file in {self.folder}, confirmed by a second person"
        else:
            may, said = True, f"a signed webhook to {self.url}, confirmed by a second person"
        return [Right(verb, may, said) for verb in GIVEN] + [
            Right(Verb.RESET_SECRET, False, "a new secret is handed to nobody but its person")
        ]

    def look(self, order: Order, *, before: str = "") -> State:
        """See `Enforcing`: nobody can look into such a system."""
        return State(None, "this system cannot be read: a second person says what was done")

    def do(self, order: Order, *, secret: str = "") -> None:
        """Hand `order` out; always raises `HandedOver`, unless it could not be."""
        if order.verb not in GIVEN:
            raise Refusal("a new secret is handed to nobody but its person")
        told: dict[str, object] = {"order": order.id, "verb": order.verb, "system": self.system, "account": order.account}
        told |= {"entitlement": order.entitlement, "reason": order.reason, "asked_at": clock.now()}
        body = orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)
        if self.folder is not None:
            raise HandedOver(f"the file {_written(self.folder, order, body)} waits for who carries it out")
        self._post(order, body)
        raise HandedOver(f"{self.url} took it; it waits for who carries it out")

    def _post(self, order: Order, body: bytes) -> None:
        """The id is the order's, so that a program that is told twice does it once (standardwebhooks.com)."""
        try:
            answer = outgoing.post(self.url, body, "application/json", headers=signed(order.id, body, self.key))
        except outgoing.NotAllowed as error:
            raise Refusal(str(error)) from error
        except outgoing.Unreachable as error:
            raise SourceError(str(error), permanent=False) from error
        if answer.status in NEVER:
            raise Refusal(f"{self.url} refused the order with status {answer.status}")
        if not 200 <= answer.status < 300:
            raise SourceError(f"{self.url} answered with status {answer.status}", permanent=False)


def _written(folder: Path, order: Order, body: bytes) -> str:
    """Write the file of `order`, which only its owner can read, whole or not at all; the same order is the same file."""
    path = folder / f"order-{order.id}.json"
    aside = folder / f".{path.name}.part"
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        raise SourceError(f"{path} could not be written: {error.strerror}", permanent=False) from error
    return path.name


class HandedOutKind:
    """Orders for a system without an interface."""

    name: ClassVar[str] = "handed_out"
    title: ClassVar[str] = "Orders for what has no interface (file or webhook, confirmed by hand)"
    tables: ClassVar[Sequence[str]] = ()
    settings: ClassVar[Sequence[Setting]] = (
        Setting("system", "the system's id, as the list of systems names it"),
        Setting("folder", "folder into which a file is written for each order; empty where a webhook is told", ""),
        Setting("url", "https address that is told of each order; empty where files are written", ""),
        Setting("signing_secret", "secret by which what is sent is signed (whsec_..., standardwebhooks.com)", "", secret=True),
    )
    least_rights: ClassVar[str] = "To write into the folder, or to reach the address."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> HandedOut:
        """Return where orders go; raises `Misconfigured`."""
        if bool(settings["folder"]) == bool(settings["url"]):
            raise Misconfigured("set either folder or url: orders go one way")
        if settings["folder"]:
            folder = Path(settings["folder"]).expanduser()
            if not folder.is_dir():
                raise Misconfigured(f"folder {folder} is not there")
            return HandedOut(settings["system"], folder, "", b"")
        try:
            outgoing.check(settings["url"])
        except outgoing.NotAllowed as error:
            raise Misconfigured(str(error)) from error
        try:
            return HandedOut(settings["system"], None, settings["url"], key_of(settings["signing_secret"]))
        except NoSecret as error:
            raise Misconfigured(f"signing_secret: {error}") from error


HANDED_OUT = HandedOutKind()
