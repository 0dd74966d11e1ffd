"""The description of the API, made from registers and declarations (OpenAPI 3.1)."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from django.db import models

from upheld.accounts.person import Person
from upheld.accounts.role import Verb
from upheld.actions.allowing import thing_of, why_not_at_all
from upheld.actions.declaring import Action, declared
from upheld.actions.models import Record
from upheld.web.registers import finding

_TYPES: Mapping[type[Any], Mapping[str, str]] = {
    models.BooleanField: {"type": "boolean"},
    models.DateTimeField: {"type": "string", "format": "date-time"},
    models.DateField: {"type": "string", "format": "date"},
    models.IntegerField: {"type": "integer"},
    models.ForeignKey: {"type": "integer"},
    models.BigAutoField: {"type": "integer"},
}


def described(person: Person) -> dict[str, Any]:
    """Return the description of what `person` may read and do."""
    paths: dict[str, Any] = {"/api/files": {"post": _files()}}
    schemas: dict[str, Any] = {"Error": _ERROR, "Done": _DONE}
    for name, model in finding.by_name().items():
        if person.may(Verb.SEE, thing_of(model)):
            schemas[name] = _record(model)
            paths |= _reads(name, model)
    for action in declared().values():
        if why_not_at_all(action, person) is None:
            paths[f"/api/actions/{action.name}"] = {"post": _act(action)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Upheld", "version": version("upheld"), "description": "Registers, and what can be done to them."},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    }


_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}, "fields": {"type": "object"}, "changes": {"type": "array"}},
}
_DONE = {
    "type": "object",
    "properties": {
        "done": {"type": "array", "items": {"type": "object", "properties": {"record": {"type": "string"}, "entry": {"type": "string"}}}}
    },
}
_REFUSALS = {
    "401": "not signed in",
    "403": "not allowed",
    "404": "no such record",
    "409": "refused, or changed meanwhile",
    "422": "ill input",
}


def _json(schema: Mapping[str, Any], said: str) -> dict[str, Any]:
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _answers(schema: Mapping[str, Any], said: str, status: str = "200") -> dict[str, Any]:
    error = {"$ref": "#/components/schemas/Error"}
    return {status: _json(schema, said)} | {code: _json(error, why) for code, why in _REFUSALS.items()}


def _record(model: type[Record]) -> dict[str, Any]:
    fields = {field.attname: _type(field) for field in model._meta.concrete_fields if field.attname != "salt"}
    return {"type": "object", "properties": {"record": {"type": "string"}, "title": {"type": "string"}, **fields}}


def _type(field: Any) -> dict[str, Any]:
    found = next((dict(said) for kind, said in _TYPES.items() if isinstance(field, kind)), None)
    if found is None:
        return {} if isinstance(field, models.JSONField) else {"type": "string"}
    return {**found, "type": [found["type"], "null"]} if field.null else found


def _reads(name: str, model: type[Record]) -> dict[str, Any]:
    chapter, _, register = name.partition(".")
    one, title = {"$ref": f"#/components/schemas/{name}"}, str(model._meta.verbose_name_plural)
    counts = {"count": {"type": "integer"}, "pages": {"type": "integer"}}
    many = {"type": "object", "properties": {**counts, "records": {"type": "array", "items": one}}}
    asked = [{"name": each, "in": "query", "schema": {"type": kind}} for each, kind in (("q", "string"), ("page", "integer"))]
    number = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    at = f"/api/registers/{chapter}/{register}"
    return {
        at: {"get": _get(f"list-{name}", f"List {title}", asked, _answers(many, title))},
        f"{at}/{{number}}": {"get": _get(f"read-{name}", f"Read one of {title}", [number], _answers(one, "the record"))},
    }


def _get(name: str, summary: str, asked: list[dict[str, Any]], answers: dict[str, Any]) -> dict[str, Any]:
    return {"operationId": name, "summary": summary, "parameters": asked, "responses": answers}


def _act(action: Action[..., Any]) -> dict[str, Any]:
    given = {each.name: each.kind.schema() | ({"description": each.meaning} if each.meaning else {}) for each in action.parameters}
    told = {
        "type": "object",
        "additionalProperties": False,
        "properties": given,
        "required": [each.name for each in action.parameters if each.required],
    }
    asked: dict[str, Any] = {"given": told}
    if action.on is not None:
        asked |= {"number": {"type": "integer", "minimum": 1}, "seen": {"type": "integer", "minimum": 0}}
        asked["numbers"] = {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1}
    return {
        "operationId": action.name,
        "summary": action.title,
        "description": action.meaning,
        "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 80}}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object", "properties": asked}}}},
        "responses": _answers({"$ref": "#/components/schemas/Done"}, "done"),
    }


def _files() -> dict[str, Any]:
    kept = {"type": "object", "properties": {"sha256": {"type": "string"}, "size": {"type": "integer"}}}
    body = {"required": True, "content": {"application/octet-stream": {}}}
    return {"operationId": "hand-in", "summary": "Hand in a file", "requestBody": body, "responses": _answers(kept, "kept", "201")}
