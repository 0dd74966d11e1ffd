"""Where users and groups that are pushed are kept: a row each, written with an entry of the ledger. Takes the extra `scim`."""

import hashlib
import re
import unicodedata
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import orjson
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from scim2_models import Meta, NotFoundException, PreconditionFailedException, ScimProvider, UniquenessException
from scim2_server.storage import ScimStorage, SearchPage

from upheld import clock
from upheld.ledger.append import append
from upheld.ledger.entry import Actor
from upheld.ledger.profile import Json
from upheld.sources.models import ConfiguredSource, Pushed

# What identity providers ask before each write: one attribute, compared with one word.
ONE = re.compile(r'(?P<attribute>userName|displayName|externalId) eq "(?P<value>[^"\\]*)"', re.IGNORECASE)


class Storage(ScimStorage):
    """The resources of one source. Methods are as `ScimStorage` says; each write is one transaction with its entry."""

    def __init__(self, source: ConfiguredSource, provider: ScimProvider) -> None:
        self.source, self.provider = source, provider

    def operation(self) -> AbstractContextManager[None]:
        """Enclose one request: the row and its entry stand or fall together."""
        return transaction.atomic()

    def get(self, resource_type: Any, resource_id: str, *, response_parameters: Any = None) -> Any:
        """Return the resource."""
        return self._resource(self._row(resource_type, resource_id))

    def search(self, resource_types: list[Any], search_request: Any, *, position: Any = None) -> SearchPage:
        """Return one page: cut by the database without a filter, looked up for one word on an indexed name, looked through else."""
        rows = Pushed.objects.filter(source=self.source, type__in=[each.name for each in resource_types])
        first, count = (search_request.start_index or 1) - 1, search_request.count
        wanted = search_request.filter
        if wanted is None:
            cut = rows[first:] if count is None else rows[first : first + count]
            return SearchPage(rows.count(), [self._resource(each) for each in cut])
        found = [each for each in map(self._resource, self._likely(rows, str(wanted)).iterator()) if wanted.match(each)]
        return SearchPage(len(found), found[first:] if count is None else found[first : first + count])

    @staticmethod
    def _likely(rows: QuerySet[Pushed], said: str) -> QuerySet[Pushed]:
        one = ONE.fullmatch(said.strip())
        if one is None:
            return rows
        if one["attribute"].lower() == "externalid":
            return rows.filter(external_id=one["value"])
        return rows.filter(name=folded(one["value"]))

    def create(self, resource_type: Any, resource: Any) -> Any:
        """Keep a new resource."""
        now = clock.now()
        row = Pushed(id=str(uuid4()), source=self.source, type=resource_type.name, made_at=now)
        return self._keep(row, resource, "create")

    def update(self, resource_type: Any, resource: Any, *, expected_version: str | None = None) -> Any:
        """Replace what is kept of a resource; the same again changes nothing."""
        row = self._row(resource_type, resource.id)
        _check(row, expected_version)
        if _document(resource) == row.document:
            return self._resource(row)
        row.version += 1
        return self._keep(row, resource, "update")

    def delete(self, resource_type: Any, resource_id: str, *, expected_version: str | None = None) -> None:
        """Forget a resource; that it was there is in history and ledger."""
        row = self._row(resource_type, resource_id)
        _check(row, expected_version)
        self._enter(row, "delete")
        row.delete()

    def _row(self, resource_type: Any, resource_id: str) -> Pushed:
        row = Pushed.objects.filter(source=self.source, type=resource_type.name, pk=str(resource_id)[:36]).first()
        if row is None:
            raise NotFoundException(detail=f"there is no {resource_type.name} {str(resource_id)[:40]!r}")
        return row

    def _keep(self, row: Pushed, resource: Any, operation: str) -> Any:
        document = _document(resource)
        row.document, row.changed_at = document, clock.now()
        row.name = folded(str(document.get("userName" if row.type == "User" else "displayName") or ""))[:300]
        row.external_id = str(document.get("externalId") or "")[:300]
        try:
            with transaction.atomic():
                row.save(force_insert=operation == "create")
        except IntegrityError as error:
            raise UniquenessException(detail="this userName is taken") from error
        self._enter(row, operation)
        return self._resource(row)

    def _enter(self, row: Pushed, operation: str) -> None:
        body: dict[str, Json] = {"operation": operation, "type": row.type, "resource": row.id, "version": row.version}
        digest = hashlib.sha256(orjson.dumps(row.document, option=orjson.OPT_SORT_KEYS)).hexdigest()
        actor, subject = Actor("source", self.source.name, "api"), ("source", self.source.name)
        append("scim.received", subject=subject, actor=actor, body=body, personal={"digest": digest})

    def _resource(self, row: Pushed) -> Any:
        kept = next(each for each in self.provider.resource_types if each.name == row.type)
        resource = self.provider.model_for(kept).model_validate(row.document)
        resource.id = row.id
        resource.meta = Meta(resource_type=row.type, created=row.made_at, last_modified=row.changed_at, version=f'W/"{row.version}"')
        return resource


def folded(name: str) -> str:
    """Return a name as SCIM compares it: without case."""
    return unicodedata.normalize("NFKC", name).casefold()


def _document(resource: Any) -> dict[str, Any]:
    """Return what is kept of a resource: never a password, whoever sends one."""
    told: dict[str, Any] = resource.model_dump(mode="json")
    return {name: value for name, value in told.items() if name not in ("id", "meta", "password")}


def _check(row: Pushed, expected_version: str | None) -> None:
    if expected_version is not None and expected_version != f'W/"{row.version}"':
        raise PreconditionFailedException
