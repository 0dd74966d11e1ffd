"""Asking again who somebody is, before what could not be undone."""

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest

from upheld import clock

FRESH_SECONDS = 300


def signed_in_lately(request: HttpRequest) -> bool:
    """Return whether the person proved who they are within the last five minutes, by signing in or again since."""
    since = clock.now().timestamp() - request.session.get("signed_in_at", 0)
    return since < FRESH_SECONDS or bool(did_recently_reauthenticate(request))


def ask_again(request: HttpRequest) -> None:
    """Raise what sends somebody who did not lately to the page that asks; what they were about to do is done afterwards."""
    if not signed_in_lately(request):
        raise ReauthenticationRequired
