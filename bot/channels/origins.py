"""Where a request comes from: the one place that decides which address counts.

A proxy's headers are believed only where the connection itself comes from a proxy named in
TRUSTED_PROXIES: anybody can write a header. Limits count ranges and not single addresses, because
whoever has one IPv6 address has 2^64 of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp import web

from bot.settings import Network

_PROXIED = frozenset(
    ("forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip",
     "cf-connecting-ip", "cf-ray", "x-original-host", "x-original-url", "x-envoy-external-address")
)  # fmt: skip
_RANGE = {4: 24, 6: 56}  # bits that one holder of addresses shares
_REMEMBERED = 50_000
_USUAL_PORTS = {"http": ":80", "https": ":443"}


def address_of(request: web.Request, trusted: Sequence[Network]) -> str:
    """The client's address: the last one of X-Forwarded-For that no trusted proxy has.

    Without trusted proxies in between it is the peer's own; "" where there is none (a Unix socket).
    """
    peer = request.remote or ""
    if not _is_trusted(peer, trusted):
        return peer
    hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    client = peer
    for hop in reversed([hop.strip() for hop in hops if hop.strip()]):
        address = _address(hop)
        if address is None:
            return client  # a hop that cannot be read: what stands before it may be anything
        client = str(address)
        if not _is_trusted(client, trusted):
            return client
    return client


def is_secure(request: web.Request, trusted: Sequence[Network]) -> bool:
    """Whether the buyer's side speaks https, here or to a trusted proxy."""
    if request.secure:
        return True
    said = request.headers.get("X-Forwarded-Proto") == "https"
    return said and (not trusted or _is_trusted(request.remote or "", trusted))


def range_of(address: str) -> str:
    """The range that an address counts in: /24 of IPv4, /56 of IPv6; "" stays ""."""
    parsed = _address(address)
    if parsed is None:
        return address
    return str(ip_network(f"{parsed}/{_RANGE[parsed.version]}", strict=False))


def is_own_page(origin: str, host: str) -> bool:
    """Whether a page of this `Origin` was served by this `Host`; a usual port may be told or not."""
    scheme, _, said = origin.partition("://")
    port = _USUAL_PORTS.get(scheme, "")
    return bool(port) and said.removesuffix(port) == host.removesuffix(port)


def came_by_proxy(request: web.Request) -> bool:
    """Whether some proxy has had this request in hand: it then is not from this machine."""
    return any(
        name.lower() in _PROXIED or name.lower().startswith("x-forwarded-")
        for name in request.headers
    )


def is_local(request: web.Request) -> bool:
    """Asked of a loopback name, by no proxy and by no page of another origin.

    A name that resolves to this machine (DNS rebinding) is no loopback name.
    """
    if came_by_proxy(request):
        return False
    if not is_loopback_host(request.host):
        return False
    origin = request.headers.get("Origin")
    return origin is None or is_own_page(origin, request.host)


def is_loopback_host(host: str) -> bool:
    """`localhost:8080`, `127.0.0.1`, `[::1]:80`."""
    name = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.split(":")[0]
    address = _address(name)
    return name == "localhost" or (address is not None and address.is_loopback)


class Origins:
    """The range each conversation was last heard from, kept in memory."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, str] = OrderedDict()

    def heard(self, conversation_id: str, address: str) -> None:
        self._of[conversation_id] = range_of(address)
        self._of.move_to_end(conversation_id)
        if len(self._of) > _REMEMBERED:
            self._of.popitem(last=False)

    def of(self, conversation_id: str) -> str:
        """An empty one where it was not heard since the start."""
        return self._of.get(conversation_id, "")


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    found = _address(address)
    return found is not None and any(
        found.version == network.version and found in network for network in trusted
    )
