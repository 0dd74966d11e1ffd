"""The addresses of signing in and of one's own account: those of the sign-in library that are used here, and our own."""

from collections.abc import Callable
from functools import wraps
from importlib.util import find_spec
from typing import Any

from allauth.account import views as account
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as single
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from upheld.web.signing import views


def whole(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return `view` such that what a POST changes and its entry of the ledger stand or fall together."""

    @wraps(view)
    def in_one(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **named)
        with transaction.atomic():
            try:
                return view(request, *args, **named)
            except ImmediateHttpResponse as answered:
                response: HttpResponse = answered.response
                return response

    return in_one


urlpatterns = [
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-in/link/<str:secret>/", views.by_link, name="sign-in-link"),
    path("sign-in/sample/", views.as_sample, name="sign-in-sample"),
    path("sign-in/forgotten/", views.forgotten, name="sign-in-forgotten"),
    path("sign-in/code/", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/with/<str:provider_id>/", oidc.login, name="openid_connect_login"),
    path("sign-in/with/<str:provider_id>/back/", oidc.callback, name="openid_connect_callback"),
    path("sign-in/cancelled/", single.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/failed/", single.login_error, name="socialaccount_login_error"),
    path("sign-in/new/", single.signup, name="socialaccount_signup"),
    path("sign-in/ended/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
    path("account/", views.mine, name="account"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/again/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("account/again/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/second-factor/", factors.index, name="mfa_index"),
    path("account/second-factor/app/", whole(app.activate_totp), name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", whole(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new/", whole(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/second-factor/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/second-factor/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/second-factor/passkeys/add/", whole(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/remove/", whole(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/sessions/end/", views.end_session, name="account-session-end"),
    path("account/tokens/revoke/", views.revoke_token, name="account-token-revoke"),
]

if find_spec("onelogin"):  # the extra `saml`, which needs libxml2 and xmlsec
    from upheld.web.signing import saml

    urlpatterns += saml.urlpatterns
