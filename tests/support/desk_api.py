"""docs/desk-api.yaml as a judge of what the desk answers."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import yaml
from aiohttp import web
from jsonschema import Draft4Validator, RefResolver

from tests.support.house import ROOT

FILE = ROOT / "docs" / "desk-api.yaml"
PREFIX = "/api/desk/"


@lru_cache(maxsize=1)
def page() -> dict[str, Any]:
    """The file, with `nullable` as JSON Schema says it."""
    found: dict[str, Any] = _with_null(yaml.safe_load(FILE.read_text("utf-8")))
    return found


def faults(method: str, path: str, status: int, body: Any) -> list[str]:
    """What of an answer is not as the file says; `path` with its braces."""
    operation = page()["paths"].get(path, {}).get(method.lower())
    if operation is None:
        return [f"{method} {path} is not in {FILE.name}"]
    answer = operation["responses"].get(str(status))
    if answer is None:
        answer = page()["components"]["responses"]["Error"]
    content = answer.get("content", {}).get("application/json")
    if content is None:
        return []  # a file, or a socket
    resolver = RefResolver("", page())
    errors = Draft4Validator(content["schema"], resolver=resolver).iter_errors(body)
    return [
        f"{method} {path} {status} at {'/'.join(map(str, one.path)) or '.'}: {one.message[:300]}"
        for one in errors
    ]


async def judge(request: web.Request, response: web.StreamResponse, found: list[str]) -> None:
    """A signal of aiohttp's: adds what is wrong with the answer."""
    resource = request.match_info.route.resource
    if resource is None or not resource.canonical.startswith(PREFIX):
        return
    body = getattr(response, "body", None)
    is_json = response.content_type == "application/json" and isinstance(body, bytes)
    shown = json.loads(body) if is_json and body else None
    found += faults(request.method, resource.canonical, response.status, shown)


def _with_null(node: Any) -> Any:
    if isinstance(node, list):
        return [_with_null(one) for one in node]
    if not isinstance(node, dict):
        return node
    rest = {name: _with_null(value) for name, value in node.items() if name != "nullable"}
    return {"anyOf": [rest, {"type": "null"}]} if node.get("nullable") is True else rest
