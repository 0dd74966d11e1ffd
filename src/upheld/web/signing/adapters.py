"""What django-allauth asks us: who may, what happened, and where to go next. Each answer about what happened is an entry."""

import base64
from ipaddress import ip_address, ip_network
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from upheld import secret
from upheld.accounts import attempts, giving, passwords
from upheld.accounts.models import Account
from upheld.accounts.policy import Provider, policy
from upheld.accounts.role import Role
from upheld.ledger.append import append
from upheld.ledger.entry import Actor
from upheld.web.signing.again import signed_in_lately
from upheld.web.signing.agent import agent
from upheld.web.signing.session import begin, by_second_factor

# What the library would write mails about, and what is entered in the ledger instead.
HAPPENED = {
    "mfa/email/totp_activated": ("factor.added", "app"),
    "mfa/email/totp_deactivated": ("factor.removed", "app"),
    "mfa/email/webauthn_added": ("factor.added", "passkey"),
    "mfa/email/webauthn_removed": ("factor.removed", "passkey"),
    "mfa/email/recovery_codes_generated": ("factor.added", "recovery-codes"),
    "socialaccount/email/account_connected": ("single-sign-on.connected", "provider"),
    "socialaccount/email/account_disconnected": ("single-sign-on.disconnected", "provider"),
}


class Accounts(DefaultAccountAdapter):
    """Passwords, sessions and what happened around them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the network that the request comes from, which is enough to limit guessing and to tell sessions apart."""
        return network_of(super().get_client_ip(request))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse to look at a password where too many were wrong, known name or not."""
        super().pre_authenticate(request, **credentials)
        if attempts.locked_until(credentials.get("email", "")):
            raise ValidationError(_("Too many attempts failed. Wait a while, or sign in with a passkey."), code="locked")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count and enter the failure."""
        name = credentials.get("email", "")
        known = Account.objects.filter(mail=name.strip().lower()).first()
        attempts.failed(name, method="password", account=known)

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Enter that somebody was let in, begin the session's clocks, and greet nobody."""
        records = get_authentication_records(request, user)
        used_mfa = by_second_factor(records)
        begin(request, second_factor=used_mfa)
        attempts.succeeded(user, method=_method(records), used_mfa=used_mfa)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def logout(self, request: HttpRequest) -> None:
        """End the session and enter it."""
        if isinstance(request.user, Account):
            with transaction.atomic():
                append("session.ended", subject=giving.subject(request.user), body={"why": "signed out"}, actor=_actor(request.user))
        super().logout(request)

    def set_password(self, user: Account, password: str) -> None:
        """Set a password as the one place does it."""
        passwords.change(user, password, by=_actor(user))

    def send_notification_mail(
        self, template_prefix: str, user: Account, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Enter what the library would write a mail about; there is no mail here yet."""
        if template_prefix in HAPPENED:
            kind, what = HAPPENED[template_prefix]
            with transaction.atomic():
                append(kind, subject=giving.subject(user), body={"what": what}, actor=_actor(user))
        if template_prefix in ("mfa/email/totp_activated", "mfa/email/webauthn_added"):
            begin(self.request, second_factor=True)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: pages show what is so."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Dangerous things ask again who one is, but not within five minutes of signing in."""
        return not signed_in_lately(context.request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """There is no other reset than a link that lets in."""
        raise NotImplementedError


class ChangePassword(ChangePasswordForm):
    """Whoever came in by a link just now, and so may not know the old password, need not say it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        records = get_authentication_records(context.request, self.user)
        if signed_in_lately(context.request) and any(each.get("method") == "link" for each in records):
            del self.fields["oldpassword"]


class SecondFactors(DefaultMFAAdapter):
    """Second factors: their secrets are sealed, and the last one stays where one is demanded."""

    def get_totp_issuer(self) -> str:
        """Return the name shown in the authenticator app."""
        return "Upheld"

    def encrypt(self, text: str) -> str:
        """Seal `text` under a key from the workspace's key directory."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return _seal().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Whether another one is left, or none is demanded."""
        kinds = [authenticator.Type.TOTP, authenticator.Type.WEBAUTHN]
        others = type(authenticator).objects.filter(user=authenticator.user, type__in=kinds).exclude(pk=authenticator.pk)
        return others.exists() or not context.request.person.roles


class NewPasskeyForm(AddWebAuthnForm):
    """A passkey is proposed rather than a key that needs a password beside it, under the name of the device at hand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = agent(context.request.META.get("HTTP_USER_AGENT", ""))
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].label = _("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = _("It then asks for your finger, face or PIN. Most phones and computers do.")


class CodeForm(AuthenticateForm):
    """A code at sign-in: wrong ones count as failed attempts, and lock."""

    def clean_code(self) -> str:
        """Return the code if it is right."""
        return _checked(self.user, super().clean_code)


class CodeAgainForm(ReauthenticateForm):
    """A code before something dangerous: wrong ones count too."""

    def clean_code(self) -> str:
        """Return the code if it is right."""
        return _checked(self.user, super().clean_code)


class SingleSignOn(DefaultSocialAccountAdapter):
    """Providers as `sign-in.toml` lists them; they let in whoever has an account, or make one where it says so."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[SocialApp]:
        """Return the providers, secrets resolved; nothing of them is in the database."""
        chosen = [
            each for each in policy().providers if provider in (None, each.id, each.kind) and client_id in (None, each.client_id or each.id)
        ]
        return [_app(each) for each in chosen]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whether this provider may make accounts; where it may not, say who can."""
        if _provider(sociallogin).makes_accounts:
            return True
        attempts.failed(sociallogin.user.mail or "", method=f"sso {_provider(sociallogin).id}"[:20])
        raise ImmediateHttpResponse(redirect(f"{reverse('account_login')}?why=no-account"))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Account:
        """Take over address and name, and nothing else."""
        account: Account = sociallogin.user
        account.mail, account.name = (data.get("email") or "").lower(), data.get("name") or ""
        return account

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Account:
        """Make the account, as an employee; whatever else somebody is, an administrator says."""
        provider = _provider(sociallogin)
        by = Actor("system", "single-sign-on", "web")
        with transaction.atomic():
            account = giving.make(sociallogin.user.mail, name=sociallogin.user.name, by=by)
            giving.give(account, Role.EMPLOYEE, by=by)
            sociallogin.user = account
            sociallogin.save(request)
            append("single-sign-on.made-account", subject=giving.subject(account), body={"provider": provider.id}, actor=by)
        return account


def network_of(address: str) -> str:
    """Return the first address of the network around `address`: 256 neighbours, or a household (/64) by IPv6."""
    parsed = ip_address(address)
    return str(ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False).network_address)


def _checked(user: Account, clean: Any) -> str:
    if attempts.locked_until(user.mail):
        raise ValidationError(_("Too many attempts failed. Wait a while, or sign in with a passkey."), code="locked")
    try:
        return str(clean())
    except ValidationError:
        attempts.failed(user.mail, method="code", account=user)
        raise


def _method(records: list[dict[str, Any]]) -> str:
    first = records[0] if records else {}
    named: str = first.get("method", "link")
    if named == "mfa":
        return "passkey"
    return f"sso {first.get('provider', '')}"[:20] if named == "socialaccount" else named


def _actor(account: Account) -> Actor:
    return Actor(*giving.subject(account), "web")


def _seal() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"upheld/second-factor/1").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def _provider(sociallogin: SocialLogin) -> Provider:
    name = sociallogin.account.provider
    return next(each for each in policy().providers if name in (each.id, each.kind))


def _app(each: Provider) -> SocialApp:
    if each.kind == "saml":
        return _saml(each)
    return SocialApp(
        provider=each.kind,
        provider_id=each.id,
        name=each.name,
        client_id=each.client_id or each.id,
        secret=secret.resolve(each.secret) if each.secret else "",
        settings={"server_url": each.address, "oauth_pkce_enabled": True, "email_authentication": True},
    )


def _saml(each: Provider) -> SocialApp:
    """A provider of SAML: what it says must be signed, asked for by us, and is taken for true of its own people's addresses."""
    return SocialApp(
        provider=each.kind,
        provider_id=each.id,
        name=each.name,
        client_id=each.id,
        settings={
            "idp": {"entity_id": each.entity_id, "sso_url": each.address, "x509cert": each.certificate},
            "advanced": {
                "strict": True,
                "want_assertion_signed": True,
                "reject_idp_initiated_sso": True,
                "allow_single_label_domains": True,
            },
            "verified_email": True,
            "email_authentication": True,
        },
    )
