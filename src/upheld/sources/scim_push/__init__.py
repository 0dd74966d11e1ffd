"""What an identity provider pushed to us by SCIM 2.0, collected as any other source is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.models import Heard, Pushed
from upheld.sources.scim import bring, groups_of, patterns_of, shape
from upheld.sources.scim.client import Json
from upheld.sources.scim.shape import View
from upheld.sources.source import Misconfigured, Setting, SourceError

SHORTEST_TOKEN = 32
STRONG = re.compile(r"[\x21-\x7e]+")
SILENCE = Setting(
    "silent_after", "hours without a word from the identity provider after which what it pushed is no longer taken for all", "24"
)


@dataclass(frozen=True)
class PushedSource:
    """What one identity provider pushed. `table` people reads the same users as the list of people."""

    view: View
    silent_after: timedelta
    people_of: str = ""

    def test(self) -> str:
        """Return how to let an identity provider push here."""
        if self.people_of:
            return f"reads the users that were pushed to {self.people_of}"
        return "waits for an identity provider: give it the address /scim/v2 of these pages, and the token"

    def collect(self, into: Collecting) -> None:
        """Bring what was pushed. A silence longer than agreed makes it partial: nobody knows then what was not pushed."""
        source = self.people_of or into.source
        users, groups = _documents(source, "User"), _documents(source, "Group")
        self._say_silence(source, into)
        if self.people_of:
            rows = list(shape.people_rows(users))
            into.rows("people", rows)
            into.note(f"{len(users) - len(rows)} users without employeeNumber are nobody whom HR knows, and left out")
            for column in ("started_on", "ended_on", "office", "confidentiality_signed_on"):
                into.unsupported("people", column, "SCIM does not tell it")
        else:
            bring(into, users, groups, self.view)

    def _say_silence(self, source: str, into: Collecting) -> None:
        heard = Heard.objects.filter(source__name=source, source__removed_at=None).first()
        if heard is None:
            raise SourceError(
                f"no identity provider has spoken to {source} yet: give it the address /scim/v2 and the token", permanent=False
            )
        if heard.at + self.silent_after < into.seen_at:
            for table in into.seen:
                into.cut_short(
                    table, f"the identity provider was heard of last at {heard.at:%Y-%m-%d %H:%M} UTC: see whether it still pushes"
                )


def _documents(source: str, kind: str) -> list[Json]:
    """Return resources as SCIM shows them, with id and times."""
    rows = Pushed.objects.filter(source__name=source, source__removed_at=None, type=kind)
    return [
        each.document | {"id": each.id, "meta": {"created": each.made_at.isoformat(), "lastModified": each.changed_at.isoformat()}}
        for each in rows
    ]


def _span(settings: Mapping[str, str]) -> timedelta:
    if not settings["silent_after"].isdecimal() or not 1 <= int(settings["silent_after"]) <= 8784:
        raise Misconfigured(f"silent_after is {settings['silent_after']!r}; it is a number of hours from 1 to 8784")
    return timedelta(hours=int(settings["silent_after"]))


class ScimPushKind:
    """Accounts and grants that an identity provider pushes."""

    name: ClassVar[str] = "scim_push"
    title: ClassVar[str] = "SCIM 2.0, pushed to us by an identity provider"
    tables: ClassVar[Sequence[str]] = ("accounts", "groups", "grants", "grantors")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("system", "the identity provider's id, as the list of systems names it"),
        Setting("token", "bearer token that the identity provider sends, at least 32 characters by chance", secret=True),
        SILENCE,
        Setting("admin_groups", "names of groups whose members administer, separated by commas", ""),
        Setting("admin_pattern", "regular expression for log-on names of administrators' second accounts", ""),
        Setting("service_pattern", "regular expression for log-on names of programs", ""),
        Setting("shared_pattern", "regular expression for log-on names that several people share", ""),
        Setting("break_glass_pattern", "regular expression for log-on names of emergency accounts", ""),
    )
    least_rights: ClassVar[str] = (
        "None on the identity provider; the token lets it write users and groups of this source here, and nothing else."
    )
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> PushedSource:
        """Return the source; raises `Misconfigured` for a token that could be guessed."""
        if len(settings["token"]) < SHORTEST_TOKEN or not STRONG.fullmatch(settings["token"]):
            raise Misconfigured(f"token is shorter than {SHORTEST_TOKEN} characters, or has blanks: draw one by `openssl rand -hex 32`")
        return PushedSource(View(settings["system"], patterns_of(settings), groups_of(settings)), _span(settings))


class ScimPushPeopleKind:
    """People that an identity provider pushes, where HR feeds it."""

    name: ClassVar[str] = "scim_push_people"
    title: ClassVar[str] = "People by SCIM 2.0, pushed to us by an identity provider that HR feeds"
    tables: ClassVar[Sequence[str]] = ("people",)
    settings: ClassVar[Sequence[Setting]] = (Setting("pushed_to", "name of the source of kind scim_push that it pushes to"), SILENCE)
    least_rights: ClassVar[str] = "None."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> PushedSource:
        """Return the source."""
        return PushedSource(View(""), _span(settings), settings["pushed_to"])


SCIM_PUSH, SCIM_PUSH_PEOPLE = ScimPushKind(), ScimPushPeopleKind()
