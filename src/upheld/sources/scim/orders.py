"""Orders to a SCIM server: active, members of groups, roles and passwords, by PATCH on the version that was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from upheld.sources.enforcing import Order, Refusal, Right, State, Verb, for_whom, made
from upheld.sources.scim.client import Answered, Client, Json, refused, resource_path
from upheld.sources.scim.shape import CORE, ENTERPRISE, items, text
from upheld.sources.source import SourceError

ATTRIBUTES = {"role": "roles", "entitlement": "entitlements"}
NO_SESSIONS = "SCIM knows no sessions: end them at the identity provider"
PROBE = 'W/"upheld-probe"'


@dataclass(frozen=True)
class Orders:
    """One server: `reader` looks, `writer` writes."""

    reader: Client
    writer: Client

    def rights(self) -> Sequence[Right]:
        """See `Enforcing`: a change that names a version which is none is refused for that alone where the token may write."""
        config = self.writer.get("/ServiceProviderConfig") or {}
        may, said = self._may_write(config)
        told = [Right(verb, may, said) for verb in (Verb.DISABLE, Verb.ENABLE, Verb.GRANT, Verb.REVOKE)]
        if _supports(config, "changePassword") is False:
            reset = Right(Verb.RESET_SECRET, False, "the server says that it sets no passwords (changePassword)")
        else:
            reset = Right(Verb.RESET_SECRET, may, said)
        create = Right(Verb.CREATE, None if may else may, "only trying tells whether it may add users" if may else said)
        return [*told, reset, Right(Verb.END_SESSIONS, False, NO_SESSIONS), create]

    def _may_write(self, config: Json) -> tuple[bool | None, str]:
        if _supports(config, "patch") is False:
            return False, "the server says that it changes nothing by PATCH"
        if _supports(config, "etag") is not True:
            return None, "the server knows no versions, by which the token could be tried without changing anything"
        user = next(iter((self.reader.get("/Users?count=1") or {}).get("Resources") or []), None)
        if not user:
            return None, "there is no user in sight to try it on"
        answer = self.writer.patch(resource_path("/Users", str(user["id"])), [_replace("active", True)], version=PROBE)
        if answer.status == 412:
            return True, "tried on a version that is none: the server would"
        allowed = False if answer.status in (401, 403) else None
        return allowed, f"tried on a version that is none: {answer.detail}"

    def look(self, order: Order, *, before: str = "") -> State:
        """See `Enforcing`. A server that answers 404 for a user says that it is gone."""
        if order.verb == Verb.CREATE:
            there = self._named(order.account)
            return made(order, _number(there) if there else None, before, there=there is not None)
        user = self.reader.get(resource_path("/Users", order.account))
        if user is None:
            return State(order.verb.takes, "the server says that there is no such user any more (404)")
        if order.verb in (Verb.DISABLE, Verb.ENABLE):
            active = user.get("active")
            if not isinstance(active, bool):
                return State(None, "the server does not tell whether it is active")
            return State(active == (order.verb == Verb.ENABLE), f"active is {str(active).lower()}")
        if order.verb == Verb.RESET_SECRET:
            mark = _version(user)
            return State(
                bool(before and mark) and mark != before, f"it was changed last at {mark}" if mark else "the server tells no version", mark
            )
        if order.verb == Verb.END_SESSIONS:
            return State(False, NO_SESSIONS)
        return self._holds(order, user)

    def _holds(self, order: Order, user: Json) -> State:
        wanted = order.verb == Verb.GRANT
        if order.group_id:
            group = self.reader.get(resource_path("/Groups", order.group_id))
            if group is None:
                return State(not wanted, "the server says that there is no such group any more (404)")
            there = any(each.get("value") == order.account for each in items(group, "members"))
            name = text(group.get("displayName")) or order.group_id
            return State(there == wanted, f"it is {'' if there else 'not '}a direct member of {name}")
        attribute, value = _attribute(order)
        if not attribute:
            return State(None, f"{order.entitlement!r} is neither a group nor a role or entitlement of a user")
        there = any(each.get("value") == value for each in items(user, attribute))
        return State(there == wanted, f"it {'has' if there else 'has not'} {order.entitlement}")

    def _named(self, name: str) -> Json | None:
        """Return the user who signs in as `name`, which compares without case (RFC 7643, 4.1.1)."""
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        asked = urlencode({"filter": f'userName eq "{quoted}"'})
        found = (self.reader.get(f"/Users?{asked}") or {}).get("Resources") or []
        return next((each for each in found if isinstance(each, dict) and str(each.get("userName")).casefold() == name.casefold()), None)

    def do(self, order: Order, *, secret: str = "") -> None:
        """See `Enforcing`. A user is made whole at once; a name that is taken is the server's to refuse (409)."""
        if order.verb == Verb.CREATE:
            _judge(self.writer.url, self.writer.ask("POST", "/Users", _user(order, secret)))
            return
        path = resource_path("/Groups" if order.group_id else "/Users", order.group_id or order.account)
        resource = self.writer.get(path)
        if resource is None:
            raise Refusal(
                f"the server says that there is no {'group' if order.group_id else 'user'} {order.group_id or order.account} (404)"
            )
        meta = resource.get("meta")
        version = text(meta.get("version")) if isinstance(meta, dict) else None
        answer = self.writer.patch(path, [_operation(order, secret)], version=version or "")
        _judge(self.writer.url, answer)


def _number(user: Json) -> str | None:
    more = user.get(ENTERPRISE)
    return text(more.get("employeeNumber")) if isinstance(more, dict) else None


def _user(order: Order, secret: str) -> Json:
    whose = for_whom(order, secret)
    given, _, family = whose.name.strip().rpartition(" ")
    told: Json = {"schemas": [CORE, ENTERPRISE], "userName": order.account, "active": True, "password": secret, "displayName": whose.name}
    told |= {"name": {"formatted": whose.name, "givenName": given, "familyName": family}, ENTERPRISE: {"employeeNumber": whose.number}}
    return told | ({"emails": [{"value": whose.mail, "primary": True}]} if whose.mail else {})


def _version(user: Json) -> str:
    meta = user.get("meta")
    said = meta if isinstance(meta, dict) else {}
    return text(said.get("version")) or text(said.get("lastModified")) or ""


def _supports(config: Json, name: str) -> bool | None:
    said = config.get(name)
    supported = said.get("supported") if isinstance(said, dict) else None
    return supported if isinstance(supported, bool) else None


def _attribute(order: Order) -> tuple[str, str]:
    word, _, value = order.entitlement.partition(":")
    return ATTRIBUTES.get(word, ""), value


def _replace(path: str, value: object) -> Json:
    return {"op": "replace", "path": path, "value": value}


def _operation(order: Order, secret: str) -> Json:
    if order.verb in (Verb.DISABLE, Verb.ENABLE):
        return _replace("active", order.verb == Verb.ENABLE)
    if order.verb == Verb.RESET_SECRET:
        return _replace("password", secret)
    if order.verb == Verb.END_SESSIONS:
        raise Refusal(NO_SESSIONS)
    attribute, value = ("members", order.account) if order.group_id else _attribute(order)
    if not attribute:
        raise Refusal(f"{order.entitlement!r} is neither a group nor a role or entitlement of a user")
    if order.verb == Verb.GRANT:
        return {"op": "add", "path": attribute, "value": [{"value": value}]}
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return {"op": "remove", "path": f'{attribute}[value eq "{quoted}"]'}


def _judge(url: str, answer: Answered) -> None:
    """Raise what an answer to a change means, unless it was made."""
    if answer.status in (200, 201, 202, 204):
        return
    if answer.status == 412:
        raise SourceError(f"{url}: somebody changed it at the same time", permanent=False)
    if answer.status in (401, 403):
        raise Refusal(f"{url} did not let the token of orders write ({answer.detail}): give it that right")
    if answer.status in (400, 404, 405, 409, 422, 501):
        raise Refusal(f"{url} refused it: {answer.detail}")
    raise refused(url, answer)
