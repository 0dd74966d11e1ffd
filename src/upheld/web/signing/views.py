"""Signing in, and one's own account: factors, sessions, tokens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic.edit import FormView

from upheld import clock, workspace
from upheld.accounts import links, tokens
from upheld.accounts.giving import AccountError, subject
from upheld.accounts.models import Account, RoleGiven, Token
from upheld.accounts.person import Person, SignedInRequest, in_force
from upheld.accounts.policy import policy
from upheld.ledger.entry import Actor
from upheld.notices import letting_in
from upheld.notices.mail import FILE as MAIL_FILE
from upheld.web.page import answer
from upheld.web.signing import session
from upheld.web.signing.again import ask_again
from upheld.web.signing.agent import agent
from upheld.web.signing.middleware import samples_open

DAYS = (30, 90, 365)


@dataclass(frozen=True)
class LinkPage:
    """A link that lets in: whether it still does."""

    good: bool


@dataclass(frozen=True)
class ForgottenPage:
    """Asking for a link by mail: whether mail is sent from here at all, whether it was asked for, or too often."""

    has_mail: bool
    asked: bool
    too_often: bool = False


@dataclass(frozen=True)
class SessionShown:
    """A session of one's own, in words."""

    id: int
    agent: str
    began_at: datetime
    seen_at: datetime
    current: bool


@dataclass(frozen=True)
class AccountPage:
    """One's own account. `new_token` is shown this once; `wrong` says what was not taken."""

    mail: str
    name: str
    person: Person
    roles: tuple[RoleGiven, ...]
    must_set_up: bool
    has_password: bool
    password_changed_at: datetime | None
    app: bool
    passkeys: int
    codes: int | None
    sessions: tuple[SessionShown, ...]
    tokens: tuple[Token, ...]
    days: tuple[int, ...]
    new_token: str = ""
    wrong: str = ""


class SignIn(LoginView):
    """The page to sign in on."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the form and what else there is to sign in with; no way to sign up, since nobody can."""
        found: dict[str, Any] = FormView.get_context_data(self, **kwargs)
        found["providers"] = policy().providers
        found["samples"] = sample_accounts(self.request)
        found["why"] = self.request.GET.get("why", "")
        found["next"] = self.request.POST.get("next") or self.request.GET.get("next", "")
        found["passkeys"] = may_use_passkeys(self.request)
        return found


sign_in = SignIn.as_view()


def may_use_passkeys(request: HttpRequest) -> bool:
    """Return whether a browser offers passkeys at this address: by a name, and encrypted or on this machine."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return host == "localhost" or (request.is_secure() and not host.replace(".", "").isdigit() and "[" not in host)


def sample_accounts(request: HttpRequest) -> tuple[Account, ...]:
    """Return the sample company's accounts, where one may sign in as them: on this machine, while nobody has a real one."""
    if not samples_open(request):
        return ()
    return tuple(Account.objects.filter(sample=True, is_active=True).order_by("name"))


@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a button for a link that lets in; pressing it uses the link up. Loading the page does not: mail scanners do."""
    if request.method != "POST":
        return answer(request, "signing/link", LinkPage(links.look(secret) is not None))
    account = links.use(secret)
    if account is None:
        return answer(request, "signing/link", LinkPage(False), status=410)
    return let_in(request, account, method="link")


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Let a link go to the address that is typed in, and say the same whether anybody signs in with it."""
    has_mail = (workspace.current().root / MAIL_FILE).is_file()
    asked = request.method == "POST" and has_mail
    if asked:
        if not ratelimit.consume(request, action="reset_password"):
            return answer(request, "signing/forgotten", ForgottenPage(has_mail, asked=False, too_often=True), status=429)
        letting_in.ask(request.POST.get("mail", "")[:254])
    return answer(request, "signing/forgotten", ForgottenPage(has_mail, asked))


@require_POST
def as_sample(request: HttpRequest) -> HttpResponse:
    """Sign in as somebody of the sample company, without a password."""
    found = [each for each in sample_accounts(request) if str(each.pk) == request.POST.get("account")]
    if not found:
        raise Http404
    return let_in(request, found[0], method="sample")


def let_in(request: HttpRequest, account: Account, *, method: str) -> HttpResponse:
    """Sign `account` in; one that has a second factor is asked for it first."""
    record_authentication(request, account, method=method)
    response: HttpResponse = perform_login(request, Login(user=account, email_verification="none", redirect_url=None))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Show one's own account; a POST makes a token."""
    asked = cast(SignedInRequest, request)
    if request.method != "POST":
        return answer(request, "signing/account", _mine(asked), place="account")
    if asked.person.lacks_second_factor:
        return HttpResponseRedirect(reverse("mfa_index"))
    ask_again(request)
    try:
        token = _make_token(asked)
    except AccountError as error:
        return answer(request, "signing/account", _mine(asked, wrong=str(error)), place="account", status=422)
    return answer(request, "signing/account", _mine(asked, new_token=token), place="account")


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all but this one."""
    account, by, key = _account(request), _by(request), request.session.session_key or ""
    chosen = request.POST.get("session", "")
    if chosen == "others":
        session.end_all(account, but=key, why="ended by its owner", by=by)
    elif chosen.isdecimal() and (found := UserSession.objects.filter(user=account, pk=int(chosen)).exclude(session_key=key).first()):
        session.end_one(found, by=by)
    return HttpResponseRedirect(reverse("account") + "#sessions")


@require_POST
def revoke_token(request: HttpRequest) -> HttpResponse:
    """End one of one's own tokens."""
    chosen = request.POST.get("token", "")
    found = _account(request).tokens.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    if found is None:
        raise Http404
    tokens.revoke(found, by=_by(request))
    return HttpResponseRedirect(reverse("account") + "#tokens")


def _make_token(request: SignedInRequest) -> str:
    asked = request.POST
    days = int(asked["days"]) if asked.get("days", "").isdecimal() and int(asked["days"]) in DAYS else 0
    only_reads = asked.get("may") != "change"
    if not days:
        raise AccountError(_("Choose how long the token lasts."))
    return tokens.make(_account(request), name=asked.get("name", ""), only_reads=only_reads, lasts=timedelta(days=days), by=_by(request))


def _mine(request: SignedInRequest, *, new_token: str = "", wrong: str = "") -> AccountPage:
    account = _account(request)
    factors = list(Authenticator.objects.filter(user=account))
    codes = next((each for each in factors if each.type == Authenticator.Type.RECOVERY_CODES), None)
    return AccountPage(
        mail=account.mail,
        name=account.name,
        person=request.person,
        roles=tuple(account.roles_given.filter(in_force(clock.now()))),
        must_set_up=request.person.lacks_second_factor,
        has_password=account.has_usable_password(),
        password_changed_at=account.password_changed_at,
        app=any(each.type == Authenticator.Type.TOTP for each in factors),
        passkeys=sum(each.type == Authenticator.Type.WEBAUTHN for each in factors),
        codes=len(codes.wrap().get_unused_codes()) if codes else None,
        sessions=_sessions(request, account),
        tokens=tuple(account.tokens.filter(revoked_at=None, expires_at__gt=clock.now())),
        days=DAYS,
        new_token=new_token,
        wrong=wrong,
    )


def _sessions(request: HttpRequest, account: Account) -> tuple[SessionShown, ...]:
    key = request.session.session_key
    return tuple(
        SessionShown(each.pk, agent(each.user_agent), each.created_at, each.last_seen_at, each.session_key == key)
        for each in sorted(UserSession.objects.purge_and_list(account), key=lambda each: each.last_seen_at, reverse=True)
    )


def _account(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account), "the middleware lets nobody else come here"
    return account


def _by(request: HttpRequest) -> Actor:
    return Actor(*subject(_account(request)), "web")
