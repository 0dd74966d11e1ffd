"""Single sign-on by SAML: the library's views, for requests without a host too, and for answers that are no XML. Takes the extra `saml`."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.providers.saml import views
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from lxml.etree import LxmlError
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError

logger = logging.getLogger(__name__)
# What the library lets out where the answer is not even XML, or is XML of another kind.
ILL = (LxmlError, OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, ValueError)


def held(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return `view` such that whatever a stranger sends to it is answered in words."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        request.META.setdefault("HTTP_HOST", request.get_host())  # the library reads the header itself
        try:
            return view(request, *args, **named)
        except ILL as error:
            logger.warning("An answer of the provider %s cannot be read: %s", named.get("organization_slug"), error)
            return redirect("socialaccount_login_error")

    return answered


def no_single_logout(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Refuse: a provider does not sign people out here, since whoever can reach this address could."""
    raise Http404


AT = "sign-in/saml/<str:organization_slug>/"
urlpatterns = [
    path(AT, held(views.login), name="saml_login"),
    path(f"{AT}back/", held(views.acs), name="saml_acs"),
    path(f"{AT}back/end/", held(views.finish_acs), name="saml_finish_acs"),
    path(f"{AT}metadata/", held(views.metadata), name="saml_metadata"),
    path(f"{AT}out/", no_single_logout, name="saml_sls"),
]
