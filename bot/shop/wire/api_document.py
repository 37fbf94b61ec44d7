"""Writes docs/shop-api.yaml from the table of endpoints and the port's types: they cannot differ.

`python -m bot.shop.wire.api_document` renews the file; a test fails while it is out of date.
"""

from __future__ import annotations

import collections.abc
import inspect
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from bot.shop.wire.endpoints import ENDPOINTS, ROOT, Endpoint
from bot.shop.wire.faults import FAULTS
from bot.shop.words.codec import encode, hints_of
from bot.shop.words.happening import TELLS, Happening
from bot.shop.words.port import Shop

FILE = Path(__file__).parents[3] / "docs" / "shop-api.yaml"
PLAIN = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}
ABOUT = (
    "The JSON API that a shop's backend speaks so that the assistant can serve it. "
    "Money is integer fen, times are ISO 8601 in UTC, dates are the shop's own days. "
    "A question with no answer (an unknown product, an order that this asker may not see) "
    "is answered with null. Calls with a request_id change once: the same id again gives the "
    "same answer. Floor prices have no place here: no answer carries one."
)
WEBHOOK = (
    "A POST of the shop's to `/api/shop-news` of the house, where its `SHOP_WEBHOOK_SECRET` is set: "
    "beside `/happenings`, or in its place (which then answers `[]`, the newest 0). Signed as "
    "www.standardwebhooks.com describes: `webhook-signature` is `v1,` and the base64 of HMAC-SHA256, "
    "by the secret, over `webhook-id.webhook-timestamp.body`; the time is in seconds and at most five "
    "minutes old. `data` is what the feed tells; `number` may be left out. Kind and `key` name the one "
    "thing that happened: told again, by this or by the feed, it changes nothing, so a shop may repeat "
    "whatever was not answered. 400 and 401 want no repeat: the body, or the signature, is wrong."
)


def document() -> dict[str, Any]:
    """The OpenAPI 3.0 document."""
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.0.3",
        "info": {"title": "Shop API", "version": "1.0.0", "description": ABOUT},
        "servers": [{"url": ROOT}],
        "security": [{"token": []}],
        "paths": paths,
        "x-webhooks": {"happening": {"post": _webhook(schemas)}},
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "signature": {"type": "apiKey", "in": "header", "name": "webhook-signature"},
            },
            "schemas": {**{name: schemas[name] for name in sorted(schemas)}, "Error": _error()},
            "responses": {
                "Error": {
                    "description": "Refused; the code says why.",
                    "content": {"application/json": {"schema": _reference("Error")}},
                }
            },
        },
    }


def _operation(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    text = inspect.getdoc(getattr(Shop, endpoint.verb)) or ""
    operation: dict[str, Any] = {
        "operationId": endpoint.verb,
        "summary": endpoint.verb.replace("_", " ").capitalize(),
    }
    if text:
        operation["description"] = text
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in endpoint.path_names
    ]
    if endpoint.method == "GET":
        parameters += [_query_parameter(endpoint, name) for name in endpoint.carried]
    else:
        operation["requestBody"] = _body(endpoint, schemas)
    if parameters:
        operation["parameters"] = parameters
    operation["responses"] = {
        "200": {
            "description": "The answer.",
            "content": {"application/json": {"schema": _schema(endpoint.answer, schemas)}},
        },
        "default": {"$ref": "#/components/responses/Error"},
    }
    return operation


def _webhook(schemas: dict[str, Any]) -> dict[str, Any]:
    """What the shop may post to the house, beside its feed; here as OpenAPI 3.1 calls it."""
    told = dict(_named(Happening, schemas))
    told["required"] = [name for name in told["required"] if name != "number"]
    body = {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["happening"]},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": told,
        },
        "required": ["type", "data"],
    }
    answer = {
        "type": "object",
        "properties": {"is_new": {"type": "boolean"}},
        "required": ["is_new"],
    }
    headers = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "operationId": "tell_happening",
        "summary": "Tell happening",
        "description": f"{WEBHOOK}\n\nNeeded, by kind: {_needed_by_kind()}.",
        "security": [{"signature": []}],
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
            for name in headers
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": {
                "description": "Written down; `is_new` is false where it was known already.",
                "content": {"application/json": {"schema": answer}},
            },
            "default": {"$ref": "#/components/responses/Error"},
        },
    }


def _needed_by_kind() -> str:
    return "; ".join(f"{kind.value}: {', '.join(names)}" for kind, names in TELLS.items())


def _query_parameter(endpoint: Endpoint, name: str) -> dict[str, Any]:
    schema = {k: v for k, v in _schema(endpoint.hints[name], {}).items() if k != "nullable"}
    default = endpoint.parameters[name].default
    is_needed = default is inspect.Parameter.empty
    if not is_needed and default is not None:
        schema["default"] = encode(default)
    return {"name": name, "in": "query", "required": is_needed, "schema": schema}


def _body(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    properties = {name: _schema(endpoint.hints[name], schemas) for name in endpoint.carried}
    needed = [
        name
        for name in endpoint.carried
        if endpoint.parameters[name].default is inspect.Parameter.empty
    ]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    if needed:
        schema["required"] = needed
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _schema(hint: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        plain = next(argument for argument in arguments if argument is not type(None))
        schema = _schema(plain, schemas)
        # In 3.0 nothing may stand beside $ref.
        return {"nullable": True, **({"allOf": [schema]} if "$ref" in schema else schema)}
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        size = {"minItems": len(arguments), "maxItems": len(arguments)}
        return {"type": "array", "items": _schema(arguments[0], schemas), **size}
    if origin in (tuple, list, collections.abc.Sequence):
        return {"type": "array", "items": _schema(arguments[0], schemas)}
    if origin is frozenset:
        return {"type": "array", "uniqueItems": True, "items": _schema(arguments[0], schemas)}
    if origin in (dict, collections.abc.Mapping):
        return {"type": "object", "additionalProperties": _schema(arguments[1], schemas)}
    if hint in (None, type(None)):
        return {"nullable": True, "enum": [None]}
    if hint in PLAIN:
        return dict(PLAIN[hint])
    if hint.__name__ not in schemas:
        schemas[hint.__name__] = {}  # stands for itself while its fields are described
        schemas[hint.__name__] = _named(hint, schemas)
    return _reference(hint.__name__)


def _named(hint: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    about = (inspect.getdoc(hint) or "").strip()
    if about.startswith(f"{hint.__name__}("):
        about = ""  # what dataclass writes where nobody wrote anything
    field_hints = hints_of(hint)
    if issubclass(hint, Enum):
        values = [item.value for item in hint]
        return {"type": "string", "enum": values, **_described(about)}
    if not is_dataclass(hint):
        raise TypeError(f"no schema for {hint}")
    needed = [
        field.name
        for field in fields(hint)
        if field.default is MISSING and field.default_factory is MISSING
    ]
    schema: dict[str, Any] = {
        "type": "object",
        **_described(about),
        "properties": {
            field.name: _schema(field_hints[field.name], schemas) for field in fields(hint)
        },
    }
    if needed:
        schema["required"] = needed
    return schema


def _described(about: str) -> dict[str, str]:
    return {"description": about} if about else {}


def _error() -> dict[str, Any]:
    codes = [*(fault.code for fault in FAULTS), "unauthorised", "bad_request", "failed"]
    return {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "code": {"type": "string", "enum": codes},
                    "message": {"type": "string", "description": "Chinese, for people."},
                    "details": {"type": "object"},
                },
            }
        },
    }


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def render() -> str:
    header = "# Made by `python -m bot.shop.wire.api_document` from bot/shop/wire/endpoints.py.\n"
    body = yaml.safe_dump(document(), allow_unicode=True, sort_keys=False, width=100)
    return header + body


if __name__ == "__main__":
    FILE.write_text(render(), "utf-8")
