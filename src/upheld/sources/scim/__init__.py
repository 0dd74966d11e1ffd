"""SCIM 2.0: users and groups of an identity provider or an application, as accounts and grants, or as people."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.enforcing import CannotEnforce
from upheld.sources.scim import shape
from upheld.sources.scim.client import Client, EndedEarlyError, Json, client
from upheld.sources.scim.orders import Orders
from upheld.sources.scim.shape import View
from upheld.sources.source import Misconfigured, Setting, SourceError

PATTERNS = ("admin", "service", "shared", "break_glass")
NEVER_TOLD = (
    "locked",
    "last_login_at",
    "password_changed_at",
    "password_must_change",
    "password_scheme",
    "has_mfa",
    "used_mfa_at",
    "expires_at",
)
WHERE = (
    Setting("url", "address of the SCIM endpoint, such as https://idp.example.org/scim/v2"),
    Setting("token", "bearer token that may read users and groups", secret=True),
    Setting("ca_file", "PEM file of the authority that signed the server's certificate; the system's roots when empty", ""),
    Setting("allow_plaintext", "yes lets the token cross a network unencrypted", "no"),
    Setting("timeout", "seconds to wait for an answer", "30"),
    Setting("page_size", "resources asked for at once", "200"),
)
LEAST_RIGHTS = "A token that may read /Users, /Groups and /ServiceProviderConfig; for orders a second one that may change users and groups."


def _all(at: Client, endpoint: str, into: Collecting, tables: Iterable[str], *, must: bool = True) -> list[Json]:
    """Return every resource that came, and cut `tables` short where not all did; raises `SourceError` if one `must` come and none did."""
    found: list[Json] = []
    try:
        for resource in at.listed(endpoint):
            found.append(resource)
            if len(found) % 1000 == 0:
                into.progress(endpoint, len(found))
    except (EndedEarlyError, SourceError) as error:
        if isinstance(error, SourceError) and must:
            raise
        for table in tables:
            into.cut_short(table, str(error))
    return found


def _named(resources: Iterable[Json], into: Collecting, endpoint: str, tables: Iterable[str]) -> list[Json]:
    """Return the resources that say who they are; the others cut `tables` short."""
    resources = list(resources)
    whole = [each for each in resources if shape.text(each.get("id")) and (endpoint != "/Users" or shape.text(each.get("userName")))]
    if len(whole) < len(resources):
        for table in tables:
            into.cut_short(table, f"{len(resources) - len(whole)} of {endpoint} came without id or name")
    return whole


@dataclass(frozen=True)
class ScimSource:
    """One SCIM server, read as accounts, groups and grants."""

    at: Client
    view: View
    writer: Client | None = None

    def test(self) -> str:
        """Return what answers and how much is in sight; raises `SourceError`."""
        users = (self.at.get("/Users?count=1") or {}).get("totalResults")
        return f"{self.at.url} answers SCIM 2.0; {users if isinstance(users, int) else 'an untold number of'} users are in sight"

    def enforcer(self) -> Orders:
        """Return what carries out orders; raises `CannotEnforce` where no token is set up for it."""
        if self.writer is None:
            raise CannotEnforce(
                "this SCIM server is read only: set enforce_token to one that may change users and groups (docs/sources/scim.md)"
            )
        return Orders(self.at, self.writer)

    def collect(self, into: Collecting) -> None:
        """Read users and groups; raises `SourceError` where neither can be asked for."""
        users = _named(_all(self.at, "/Users", into, ("accounts", "grants")), into, "/Users", ("accounts", "grants"))
        groups = _named(_all(self.at, "/Groups", into, ("groups", "grants"), must=not users), into, "/Groups", ("groups", "grants"))
        bring(into, users, groups, self.view)


def bring(into: Collecting, users: Sequence[Json], groups: Sequence[Json], view: View) -> None:
    """Put `users` and `groups` into `into` as accounts, groups, grants and grantors."""
    view = replace(view, administrators=_administrators(groups, view))
    into.rows("accounts", shape.account_rows(users, view))
    into.rows("groups", shape.group_rows(groups, view))
    into.rows("grants", shape.grant_rows(users, groups, view))
    into.rows("grantors", _grantors(view))
    if not view.admin_groups:
        into.cut_short("grantors", "SCIM does not tell who may grant: set admin_groups")
    for column in NEVER_TOLD:
        into.unsupported("accounts", column, "SCIM does not tell it")
    for column in ("granted_at", "granted_by", "expires_at", "last_used_at", "can_grant"):
        into.unsupported("grants", column, "SCIM does not tell it")


def _administrators(groups: Sequence[Json], view: View) -> set[str]:
    """Return the members of administrators' groups, through groups within groups, in circles too."""
    members = {str(group["id"]): [str(each["value"]) for each in shape.items(group, "members") if each.get("value")] for group in groups}
    reached: set[str] = set()
    waiting = [str(group["id"]) for group in groups if shape.is_admin(group, view)]
    while waiting:
        for member in members.get(waiting.pop(), ()):
            if member not in reached:
                reached.add(member)
                waiting.append(member)
    return reached - set(members)


def _grantors(view: View) -> Iterable[shape.Row]:
    way = f"member of {' or '.join(sorted(view.admin_groups))}"
    return [{"id": f"{each}:{way}", "system_id": view.system, "account_id": each, "way": way} for each in sorted(view.administrators)]


def patterns_of(settings: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the patterns of log-on names by kind; raises `Misconfigured`."""
    found = []
    for kind in PATTERNS:
        try:
            found += [(kind, re.compile(settings[f"{kind}_pattern"], re.IGNORECASE))] if settings[f"{kind}_pattern"] else []
        except re.error as error:
            raise Misconfigured(f"{kind}_pattern is no regular expression: {error}") from error
    return tuple(found)


def groups_of(settings: Mapping[str, str]) -> frozenset[str]:
    """Return the names of groups whose members administer, folded."""
    return frozenset(word.strip().casefold() for word in settings["admin_groups"].split(",") if word.strip())


class ScimKind:
    """Accounts and grants by SCIM."""

    name: ClassVar[str] = "scim"
    title: ClassVar[str] = "SCIM 2.0 (identity providers and applications)"
    tables: ClassVar[Sequence[str]] = ("accounts", "groups", "grants", "grantors")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("system", "the system's id, as the list of systems names it"),
        *WHERE,
        Setting("admin_groups", "names of groups whose members administer, separated by commas", ""),
        Setting("admin_pattern", "regular expression for log-on names of administrators' second accounts", ""),
        Setting("service_pattern", "regular expression for log-on names of programs", ""),
        Setting("shared_pattern", "regular expression for log-on names that several people share", ""),
        Setting("break_glass_pattern", "regular expression for log-on names of emergency accounts", ""),
        Setting("enforce_token", "bearer token that may change users and groups; empty reads only", "", secret=True),
    )
    least_rights: ClassVar[str] = LEAST_RIGHTS
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> ScimSource:
        """Return the server that `settings` name; raises `Misconfigured`."""
        at = client(settings)
        writer = replace(at, token=settings["enforce_token"]) if settings["enforce_token"] else None
        return ScimSource(at, View(settings["system"], patterns_of(settings), groups_of(settings)), writer)


@dataclass(frozen=True)
class ScimPeopleSource:
    """One SCIM server, read as the list of people."""

    at: Client

    def test(self) -> str:
        """Return what answers and how much is in sight; raises `SourceError`."""
        return ScimSource(self.at, View("")).test()

    def collect(self, into: Collecting) -> None:
        """Read everybody who has a personnel number."""
        users = _all(self.at, "/Users", into, ("people",))
        rows = list(shape.people_rows(users))
        into.rows("people", rows)
        into.note(f"{len(users) - len(rows)} users without employeeNumber are nobody whom HR knows, and left out")
        for column in ("started_on", "ended_on", "office", "confidentiality_signed_on"):
            into.unsupported("people", column, "SCIM does not tell it")


class ScimPeopleKind:
    """People by SCIM, where the identity provider is fed by HR."""

    name: ClassVar[str] = "scim_people"
    title: ClassVar[str] = "People by SCIM 2.0 (where the identity provider is fed by HR)"
    tables: ClassVar[Sequence[str]] = ("people",)
    settings: ClassVar[Sequence[Setting]] = WHERE
    least_rights: ClassVar[str] = "A token that may read /Users."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> ScimPeopleSource:
        """Return the server that `settings` name; raises `Misconfigured`."""
        return ScimPeopleSource(client(settings))


SCIM, SCIM_PEOPLE = ScimKind(), ScimPeopleKind()
