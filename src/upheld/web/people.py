"""Who has an account: the list, one account, and what an administrator does to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import cast
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Max, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld import clock
from upheld.accounts import attempts, factors, giving, links
from upheld.accounts.giving import NEEDS, AccountError
from upheld.accounts.models import Account, RoleGiven, SignInAttempt
from upheld.accounts.person import SignedInRequest, in_force
from upheld.accounts.role import Role, Verb
from upheld.accounts.scope import Refused
from upheld.ledger.entry import Actor
from upheld.web.page import answer
from upheld.web.population import page_number
from upheld.web.signing import session
from upheld.web.signing.again import ask_again

PER_PAGE = 25


@dataclass(frozen=True)
class Line:
    """One account in the list."""

    account: Account
    roles: tuple[RoleGiven, ...]
    factors: tuple[str, ...]
    last_at: datetime | None


@dataclass(frozen=True)
class ListPage:
    """Accounts that were asked for, a page of them; `may_change` shows the form for a new one."""

    lines: tuple[Line, ...]
    page: Page  # type: ignore[type-arg]  # generic in the stubs alone
    words: str
    may_change: bool
    wrong: str = ""


@dataclass(frozen=True)
class OnePage:
    """One account. `link` is shown this once; `wrong` says what was not done."""

    line: Line
    locked_until: datetime | None
    attempts: tuple[SignInAttempt, ...]
    past: tuple[RoleGiven, ...]
    may_change: bool
    roles: tuple[tuple[Role, str], ...]
    link: str = ""
    wrong: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """List accounts, those that ended last; a POST makes one."""
    wrong = ""
    if request.method == "POST":
        by = _administrator(request)
        try:
            asked = request.POST
            made = giving.make(asked.get("mail", ""), name=asked.get("name", "").strip(), person=asked.get("person", "").strip(), by=by)
        except AccountError as error:
            wrong = str(error)
        else:
            return HttpResponseRedirect(reverse("one-who-signs-in", args=[made.pk]))
    words = request.GET.get("q", "")[:200]
    found = Account.objects.filter(Q(mail__icontains=words) | Q(name__icontains=words)).order_by("-is_active", "mail")
    page = Paginator(_with_roles(found), PER_PAGE).get_page(page_number(request.GET.get("page", "")))
    shown = ListPage(_lines(list(page.object_list)), page, words, _may_change(request), wrong)
    return answer(request, "people/list", shown, place="people", status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Show one account; a POST does one of `STEPS` to it."""
    account = _with_roles(Account.objects.filter(pk=account_id)).first()
    if account is None:
        raise Http404
    if request.method != "POST":
        return answer(request, "people/one", _one(request, account), place="people")
    by = _administrator(request)
    step = request.POST.get("step", "")
    try:
        if step == "link":
            link = request.build_absolute_uri(reverse("sign-in-link", args=[links.make(account, by=by)]))
            return answer(request, "people/one", _one(request, account, link=link), place="people")
        if step not in STEPS:
            raise AccountError(_("This is nothing that can be done to an account."))
        STEPS[step](account, request.POST, cast(SignedInRequest, request), by)
    except AccountError as error:
        return answer(request, "people/one", _one(request, account, wrong=str(error)), place="people", status=422)
    return HttpResponseRedirect(reverse("one-who-signs-in", args=[account.pk]))


def _give(account: Account, asked: Mapping[str, str], request: SignedInRequest, by: Actor) -> None:
    role, kind = _role(asked.get("role", ""))
    name = asked.get("over", "").strip()
    if kind and not name and None not in NEEDS[role]:
        raise AccountError(_("Say what this role is for."))
    ends_on = _day(asked.get("ends_on", ""))
    giving.give(
        account, role, by=by, over=(kind, name) if kind and name else None,
        period=(_day(asked.get("since_on", "")), _day(asked.get("until_on", ""))),
        ends_at=datetime.combine(ends_on, time(), UTC) if ends_on else None,
        given_by=cast(Account, request.user),
    )  # fmt: skip


def _take(account: Account, asked: Mapping[str, str], request: SignedInRequest, by: Actor) -> None:
    chosen = asked.get("given", "")
    given = account.roles_given.filter(pk=int(chosen), taken_at=None).first() if chosen.isdecimal() else None
    if given is None:
        raise AccountError(_("This role was taken already."))
    giving.take(account, Role(given.role), over=given.for_what, by=by, taken_by=cast(Account, request.user))


def _reset(account: Account, asked: Mapping[str, str], request: SignedInRequest, by: Actor) -> None:
    factors.reset(account, by=by)
    session.end_all(account, why="second factor reset", by=by)


def _unlock(account: Account, asked: Mapping[str, str], request: SignedInRequest, by: Actor) -> None:
    attempts.unlock(account, by=by)


def _end_sessions(account: Account, asked: Mapping[str, str], request: SignedInRequest, by: Actor) -> None:
    session.end_all(account, why="ended by an administrator", by=by)


def _end(account: Account, asked: Mapping[str, str], request: SignedInRequest, by: Actor) -> None:
    giving.end(account, by=by)
    session.end_all(account, why="account ended", by=by)


STEPS: dict[str, Callable[[Account, Mapping[str, str], SignedInRequest, Actor], None]] = {
    "give": _give,
    "take": _take,
    "reset": _reset,
    "unlock": _unlock,
    "sessions": _end_sessions,
    "end": _end,
}


def _role(said: str) -> tuple[Role, str]:
    """Return the role and the kind of what it is for, as the form's "auditor/chapter" names both."""
    name, _slash, kind = said.partition("/")
    if name not in set(Role) or kind not in ("", *giving.OVER):
        raise AccountError(_("There is no such role."))
    return Role(name), kind


def _day(said: str) -> date | None:
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise AccountError(_("A day is written as 2026-05-04.")) from error


def _with_roles(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Return `accounts` with the roles in force beside them, in one more query."""
    return accounts.prefetch_related(Prefetch("roles_given", queryset=RoleGiven.objects.filter(in_force(clock.now()))))


def _lines(accounts: list[Account]) -> tuple[Line, ...]:
    held = factors.of(accounts)
    let_in = SignInAttempt.objects.filter(account__in=accounts, succeeded=True)
    last = dict(let_in.values("account").annotate(last=Max("at")).values_list("account", "last"))
    return tuple(Line(each, tuple(each.roles_given.all()), held.get(each.pk, ()), last.get(each.pk)) for each in accounts)


def _one(request: HttpRequest, account: Account, *, link: str = "", wrong: str = "") -> OnePage:
    (line,) = _lines([account])
    return OnePage(
        line=line,
        locked_until=attempts.locked_until(account.mail),
        attempts=tuple(account.attempts.order_by("-at")[:10]),
        past=tuple(RoleGiven.objects.filter(account=account).exclude(in_force(clock.now()))),
        may_change=_may_change(request) and account.is_active,
        roles=_choices(),
        link=link,
        wrong=wrong,
    )


def _choices() -> tuple[tuple[Role, str], ...]:
    return tuple((role, kind or "") for role in Role for kind in NEEDS.get(role, (None,)))


def _may_change(request: HttpRequest) -> bool:
    return giving.may_manage(cast(SignedInRequest, request).person)


def _administrator(request: HttpRequest) -> Actor:
    """Return whoever asks as an actor; raises `Refused` for whoever may not, and asks again who it is after a while."""
    person = cast(SignedInRequest, request).person
    if not person.may(Verb.DO, "accounts"):
        raise Refused(_("This takes the role administrator."))
    ask_again(request)
    return person.actor
