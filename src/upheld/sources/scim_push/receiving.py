"""Receiving by SCIM: whose token it is, and what is answered. Takes the extra `scim`, which is loaded when somebody asks."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import ValidationError
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    Patch,
    SCIMException,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
)
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.routing import Operation
from scim2_server.service import ScimService
from scim2_server.utils import load_default_resource_types, load_default_schemas

from upheld import clock
from upheld.sources import configured
from upheld.sources.models import ConfiguredSource, Heard
from upheld.sources.scim_push.storage import Storage
from upheld.sources.source import Misconfigured, complete, kind

MOST_RESULTS = 200
LARGEST_BYTES = 4 << 20  # a group of some ten thousand members
KIND = "scim_push"


@dataclass(frozen=True)
class Asked:
    """A request, whatever the web framework. `path` is what follows /scim/v2."""

    method: str
    base_url: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What is answered: status, headers, and JSON (None for none)."""

    status: int
    headers: Mapping[str, str]
    body: Any


@cache
def provider() -> ScimProvider:
    """Return the description of what we receive: users with the enterprise extension, and groups; no passwords, no bulk."""
    config = ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MOST_RESULTS),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=True),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="Bearer token",
                description="Authorization: Bearer, with the token of a source",
            )
        ],
    )
    return ScimProvider.from_discovery(load_default_schemas().values(), load_default_resource_types().values(), config=config)


def answer(asked: Asked) -> Answer:
    """Return what is answered to `asked`: 401 without the token of a source in use, else as RFC 7644 says."""
    service = ScimService(provider())
    request = ScimRequest(asked.method, asked.base_url, asked.path, asked.query, asked.headers, asked.body)
    source = whose(request.header("Authorization") or "")
    if source is None and not _open(service, request):
        return Answer(
            401, {"WWW-Authenticate": "Bearer", "Content-Type": "application/scim+json"}, _error("401", "send the token of a source")
        )
    if len(asked.body) > LARGEST_BYTES:
        return Answer(413, {"Content-Type": "application/scim+json"}, _error("413", f"at most {LARGEST_BYTES >> 20} MiB"))
    if source is not None:
        hear(source)
    handler = ScimHandler(service, Storage(source or ConfiguredSource(), provider()))
    try:
        made = handler.handle(request)
    except (SCIMException, ValidationError) as error:
        made = service.error_response(error)
    return Answer(int(made.status), made.headers, made.body)


def _open(service: ScimService, request: ScimRequest) -> bool:
    """Whether it asks for what everybody may know: the configuration (RFC 7643, 5)."""
    try:
        operation: object = service.match(request).operation
    except SCIMException:  # no such address: nothing that everybody may know
        return False
    return operation is Operation.service_provider_config and request.method.upper() == "GET"


def _error(status: str, detail: str) -> dict[str, object]:
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": status, "detail": detail}


def whose(header: str) -> ConfiguredSource | None:
    """Return the source in use whose token the header `Authorization` shows, None for none of them."""
    scheme, _, said = header.partition(" ")
    if scheme.lower() != "bearer" or not said.strip():
        return None
    found = None
    for source in configured.in_use():
        if source.kind == KIND and (token := _token(source)) and hmac.compare_digest(token.encode(), said.strip().encode()):
            found = source
    return found


def _token(source: ConfiguredSource) -> str:
    try:
        return complete(kind(KIND), source.settings)["token"]
    except Misconfigured:  # its secret is not to be had: nobody gets in by it, and collecting says why
        return ""


def hear(source: ConfiguredSource) -> None:
    """Keep that somebody with the token of `source` spoke to it, to the minute."""
    now = clock.now().replace(second=0, microsecond=0)
    heard, made = Heard.objects.get_or_create(source=source, defaults={"at": now})
    if not made and heard.at != now:
        Heard.objects.filter(pk=heard.pk).update(at=now)
