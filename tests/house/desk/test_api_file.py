"""docs/desk-api.yaml has every route of the desk; conftest.py holds every answer of these tests to it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator

from bot.desk.routes import ROUTES
from tests.support.desk_api import FILE, faults


def test_every_route_stands_in_it_and_no_other() -> None:
    written = {
        (method.upper(), path)
        for path, methods in yaml.safe_load(FILE.read_text("utf-8"))["paths"].items()
        for method in methods
    }
    assert written == {(route.method, route.path) for route in ROUTES}


def test_it_is_valid_openapi() -> None:
    spec = importlib.util.find_spec("openapi_spec_validator")
    assert spec is not None and spec.origin is not None
    schema = Path(spec.origin).parent / "resources" / "schemas" / "v3.0" / "schema.json"
    page = yaml.safe_load(FILE.read_text("utf-8"))
    validator = Draft4Validator(json.loads(schema.read_text("utf-8")))
    assert list(validator.iter_errors(page)) == []


def test_each_operation_has_a_name_of_its_own() -> None:
    page: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    names = [one["operationId"] for methods in page["paths"].values() for one in methods.values()]
    assert len(names) == len(set(names))


def test_an_answer_that_is_not_as_written_is_found() -> None:
    """The negative control of what conftest.py does."""
    right = {"waiting": 1, "mine": 0, "open": 1, "closed": 0}
    assert faults("GET", "/api/desk/counts", 200, right) == []
    assert faults("GET", "/api/desk/counts", 200, {**right, "more": 1})
    assert faults("GET", "/api/desk/counts", 200, {**right, "mine": None})
    assert faults("GET", "/api/desk/counts", 401, {"error": "no"})
    assert faults("GET", "/api/desk/unheard", 200, {})
