"""Webhooks: programs that are told by POST, signed as standardwebhooks.com says, or in the shapes that Slack and Teams read."""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

import orjson
from django.db import transaction

from upheld import clock, outgoing, secret
from upheld.evidence.visible import visible
from upheld.ledger.append import append
from upheld.notices.errors import NotDelivered, NoticesMisconfigured
from upheld.notices.mail import address_of
from upheld.notices.models import Notice, Webhook

STYLES = ("json", "slack", "teams")
_PREFIX = "whsec_"
# What a target that is gone, or will never take it, answers; anything else may pass.
_NEVER = (400, 401, 403, 404, 405, 410, 413, 415, 422)


def add(name: str, url: str, *, style: str = "json", secret_reference: str = "", kinds: Sequence[str] = ()) -> Webhook:
    """Tell the program at `url` from now on; raises `NoticesMisconfigured` for what cannot be.

    What a chat program gives as an address lets anybody write there, so that it is a secret: `url` is then a reference to it.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name):
        raise NoticesMisconfigured(f"{visible(name)[:80]!r} cannot name a webhook: use small letters, digits and hyphens")
    if style not in STYLES:
        raise NoticesMisconfigured(f"a webhook is told in one of the styles {', '.join(STYLES)}, not {style!r}")
    if style == "json" and not secret_reference:
        raise NoticesMisconfigured("a webhook needs a secret to be signed with, as a reference: env:NAME, file:PATH or command:...")
    if style != "json" and url.startswith("http"):
        raise NoticesMisconfigured(f"the address that {style} gives is a secret: say where it lies, as env:NAME, file:PATH or command:...")
    try:
        outgoing.check(_url(url))
        if secret_reference:
            _key(secret_reference)
    except (outgoing.NotAllowed, secret.NoSecret) as error:
        raise NoticesMisconfigured(str(error)) from error
    with transaction.atomic():
        if Webhook.objects.filter(name=name, removed_at=None).exists():
            raise NoticesMisconfigured(f"a webhook called {name} is in use: choose another name, or remove that one first")
        made = Webhook.objects.create(name=name, url=url, style=style, secret=secret_reference, kinds=list(kinds), added_at=clock.now())
        append("webhook.added", subject=("setting", f"webhook {name}"), body={"style": style, "kinds": sorted(kinds)})
    return made


def remove(name: str) -> None:
    """Tell it nothing any more; raises `NoticesMisconfigured` where there is none."""
    found = Webhook.objects.filter(name=name, removed_at=None).first()
    if found is None:
        raise NoticesMisconfigured(f"no webhook called {visible(name)[:80]!r} is in use")
    with transaction.atomic():
        found.removed_at = clock.now()
        found.save(update_fields=["removed_at"])
        append("webhook.removed", subject=("setting", f"webhook {name}"), body={})


def send(notice: Notice) -> None:
    """POST `notice` to its webhook. Raises `NotDelivered`."""
    target = Webhook.objects.filter(name=notice.to, removed_at=None).first()
    if target is None:
        raise NotDelivered(f"the webhook {notice.to} is no longer in use", permanent=True)
    body = orjson.dumps(_SHAPES[target.style](notice), option=orjson.OPT_UTC_Z)
    try:
        headers = signed(notice.id, body, _key(target.secret)) if target.secret else {}
        answer = outgoing.post(_url(target.url), body, "application/json", headers=headers)
    except outgoing.NotAllowed as error:
        raise NotDelivered(str(error), permanent=True) from error
    except (outgoing.Unreachable, secret.NoSecret) as error:
        raise NotDelivered(str(error)) from error
    if not 200 <= answer.status < 300:
        raise NotDelivered(f"the webhook {target.name} answered with status {answer.status}", permanent=answer.status in _NEVER)


def signed(notice_id: str, body: bytes, key: bytes) -> dict[str, str]:
    """Return the headers by which the receiver knows that `body` is ours, is new, and was not there before (Standard Webhooks 1.0)."""
    at = str(int(clock.now().timestamp()))
    digest = hmac.new(key, b".".join((notice_id.encode(), at.encode(), body)), hashlib.sha256).digest()
    return {"webhook-id": notice_id, "webhook-timestamp": at, "webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}


def _url(said: str) -> str:
    return said if said.startswith("http") or ":" not in said or "://" in said else secret.resolve(said)


def _key(reference: str) -> bytes:
    return key_of(secret.resolve(reference))


def key_of(said: str) -> bytes:
    """Return the bytes of a secret: those after `whsec_` in base64, or of the text itself; raises `NoSecret` for a short one."""
    if len(said) < 24:
        raise secret.NoSecret("a webhook's secret needs at least 24 characters: make one with openssl rand -base64 32")
    if not said.startswith(_PREFIX):
        return said.encode()
    try:
        return base64.b64decode(said.removeprefix(_PREFIX), validate=True)
    except ValueError as error:
        raise secret.NoSecret("what follows whsec_ in a webhook's secret is base64") from error


def _json(notice: Notice) -> dict[str, object]:
    return {
        "type": notice.kind,
        "timestamp": notice.made_at,
        "data": {"title": visible(notice.title), "link": address_of(notice.link) if notice.link else None, **notice.facts},
    }


def _slack(notice: Notice) -> dict[str, object]:
    # Slack reads &, < and > as marks (api.slack.com, "Formatting text for app surfaces").
    title = visible(notice.title).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": f"<{address_of(notice.link)}|{title.replace('|', '/')}>" if notice.link else title}


def _teams(notice: Notice) -> dict[str, object]:
    block = {"type": "TextBlock", "text": visible(notice.title), "wrap": True, "weight": "Bolder"}
    opens = [{"type": "Action.OpenUrl", "title": "Open", "url": address_of(notice.link)}] if notice.link else []
    card = {"type": "AdaptiveCard", "version": "1.4", "body": [block], "actions": opens}
    return {"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}]}


_SHAPES = {"json": _json, "slack": _slack, "teams": _teams}
