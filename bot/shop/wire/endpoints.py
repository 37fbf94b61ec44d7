"""The map of the JSON API: one table from which server, client and OpenAPI page are made.

Each verb of the port is one endpoint. Parameters named in the path come from there, those of a GET
from the query, all others from the JSON body; types are read from the port's own signatures. An
order's `access` always travels in a body, so that no phone digits end up in an address or a log.
"""

from __future__ import annotations

import inspect
import re
import typing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from bot.shop.words.codec import BadShape, decode, encode, hints_of
from bot.shop.words.port import Shop

ROOT = "/api/shop/v1"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    verb: str  # name of the port's method
    method: str
    path: str  # below ROOT

    @property
    def path_names(self) -> tuple[str, ...]:
        return tuple(re.findall(r"{(\w+)}", self.path))

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        given = dict(inspect.signature(getattr(Shop, self.verb)).parameters)
        del given["self"]
        return given

    @property
    def changes(self) -> bool:
        """Whether the verb does something: a deed has the id of its request."""
        return "request_id" in self.parameters or self.method == "PATCH"

    @property
    def hints(self) -> dict[str, Any]:
        return hints_of(getattr(Shop, self.verb))

    @property
    def answer(self) -> Any:
        return self.hints["return"]

    @property
    def carried(self) -> tuple[str, ...]:
        """Parameters that are not in the path: in the query of a GET, else in the body."""
        return tuple(name for name in self.parameters if name not in self.path_names)


def _e(verb: str, method: str, path: str) -> Endpoint:
    return Endpoint(verb=verb, method=method, path=path)


ENDPOINTS = (
    _e("catalogue_version", "GET", "/catalogue/version"),
    _e("catalogue_terms", "GET", "/catalogue/terms"),
    _e("product", "GET", "/products/{product_id}"),
    _e("recommend", "POST", "/recommendations"),
    _e("size_advice", "POST", "/products/{product_id}/size-advice"),
    _e("ask_restock_notice", "POST", "/products/{product_id}/restock-notices"),
    _e("promotions", "GET", "/promotions"),
    _e("coupons", "GET", "/coupons"),
    _e("postage", "POST", "/postage-quotes"),
    _e("quote", "POST", "/quotes"),
    _e("bargain", "POST", "/products/{product_id}/offers"),
    _e("standing_offer", "GET", "/products/{product_id}/offers/{buyer_id}"),
    _e("shipping_promise", "GET", "/shipping-promise"),
    _e("buyer", "GET", "/buyers/{buyer_id}"),
    _e("remember", "PATCH", "/buyers/{buyer_id}/attributes"),
    _e("quote_order", "POST", "/order-quotes"),
    _e("place_order", "POST", "/orders"),
    _e("orders_of", "GET", "/buyers/{buyer_id}/orders"),
    _e("order", "POST", "/orders/{number}/reading"),
    _e("pay_order", "POST", "/orders/{number}/payment"),
    _e("cancel_order", "POST", "/orders/{number}/cancellation"),
    _e("quote_receiver", "POST", "/orders/{number}/receiver-quotes"),
    _e("change_receiver", "POST", "/orders/{number}/receiver"),
    _e("quote_line", "POST", "/orders/{number}/lines/{line_id}/quotes"),
    _e("change_line", "POST", "/orders/{number}/lines/{line_id}"),
    _e("add_note", "POST", "/orders/{number}/notes"),
    _e("make_amends", "POST", "/orders/{number}/amends"),
    _e("request_invoice", "POST", "/orders/{number}/invoice"),
    _e("return_terms", "POST", "/orders/{number}/lines/{line_id}/return-terms"),
    _e("open_return", "POST", "/orders/{number}/lines/{line_id}/returns"),
    _e("returns_of", "GET", "/buyers/{buyer_id}/returns"),
    _e("withdraw_return", "POST", "/returns/{case_id}/withdrawal"),
    _e("happenings", "GET", "/happenings"),
    _e("newest_happening", "GET", "/happenings/newest"),
)


@lru_cache(maxsize=1)
def by_verb() -> dict[str, Endpoint]:
    return {endpoint.verb: endpoint for endpoint in ENDPOINTS}


def address(endpoint: Endpoint, values: typing.Mapping[str, Any]) -> str:
    """The path with its names filled in; a buyer's id may hold colons and slashes."""
    path = endpoint.path
    for name in endpoint.path_names:
        path = path.replace(f"{{{name}}}", quote(str(values[name]), safe=""))
    return ROOT + path


def to_wire(endpoint: Endpoint, values: typing.Mapping[str, Any]) -> dict[str, Any]:
    """Query or body of a call; a query leaves out what is None."""
    carried = {name: encode(values[name]) for name in endpoint.carried if name in values}
    if endpoint.method == "GET":
        return {name: str(value) for name, value in carried.items() if value is not None}
    return carried


def from_wire(
    endpoint: Endpoint, path: typing.Mapping[str, str], sent: typing.Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments of the verb. Raises BadShape for what is missing, unknown or of wrong type."""
    values: dict[str, Any] = dict(path)
    for name in sent:
        if name not in endpoint.carried:
            raise BadShape(name, "no such field")
    for name in endpoint.carried:
        if name in sent:
            raw: Any = sent[name]
            if endpoint.method == "GET" and endpoint.hints[name] is int:
                raw = int(raw) if str(raw).isdecimal() else raw
            values[name] = decode(endpoint.hints[name], raw, name)
        elif endpoint.parameters[name].default is inspect.Parameter.empty:
            raise BadShape(name, "a value (it is missing)")
    return values
