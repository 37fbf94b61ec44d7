"""Where a request comes from, and what counts as this very machine."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.channels.origins import (
    Origins,
    address_of,
    came_by_proxy,
    is_local,
    is_own_page,
    range_of,
)

PROXIES = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"))


def request(peer: str, **headers: str) -> Any:
    made = make_mocked_request(
        "GET", "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return made.clone(remote=peer)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # anybody can write a header
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.1, 10.1.2.3", "198.51.100.1"),  # 1.2.3.4 is claimed
        ("127.0.0.1", "1.2.3.4, rubbish, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, forwarded: str, address: str) -> None:
    headers = {"X_Forwarded_For": forwarded} if forwarded else {}
    assert address_of(request(peer, **headers), PROXIES) == address


def test_without_trusted_proxies_the_peer_counts() -> None:
    assert address_of(request("127.0.0.1", X_Forwarded_For="1.2.3.4"), ()) == "127.0.0.1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.200", True),
        ("203.0.113.9", "203.0.114.9", False),
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::3", "2001:db8:9:2::3", False),
        ("::ffff:203.0.113.9", "203.0.113.1", True),
    ],
)
def test_neighbours_count_as_one(one: str, other: str, same: bool) -> None:
    assert (range_of(one) == range_of(other)) is same


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via", "CF-Connecting-IP"],
)
def test_every_usual_header_of_a_proxy_is_known(header: str) -> None:
    passed_on = request("127.0.0.1", Host="localhost", **{header: "x"})
    assert came_by_proxy(passed_on)
    assert not is_local(passed_on)


@pytest.mark.parametrize(
    ("host", "origin", "local"),
    [
        ("localhost:8080", None, True),
        ("127.0.0.1:8080", None, True),
        ("[::1]:8080", None, True),
        ("localhost:8080", "http://localhost:8080", True),
        ("localhost:8080", "https://other.example", False),
        ("localhost:8080", "null", False),
        ("rebound.example", None, False),
        ("192.168.1.5:8080", None, False),
    ],
)
def test_a_loopback_name_and_no_foreign_page_is_local(
    host: str, origin: str | None, local: bool
) -> None:
    headers = {"Host": host, **({"Origin": origin} if origin else {})}
    assert is_local(request("127.0.0.1", **headers)) is local


def test_the_range_of_a_conversation_is_remembered() -> None:
    origins = Origins()
    origins.heard("c1", "203.0.113.9")
    assert (origins.of("c1"), origins.of("c2")) == ("203.0.113.0/24", "")


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("https://kefu.example", "kefu.example", True),
        ("https://kefu.example", "kefu.example:443", True),
        ("http://kefu.example:80", "kefu.example", True),
        ("http://kefu.example:8080", "kefu.example:8080", True),
        ("https://kefu.example", "kefu.example:8443", False),
        ("https://other.example", "kefu.example", False),
        ("https://kefu.example.evil.example", "kefu.example", False),
        ("null", "", False),
        ("null", "kefu.example", False),
    ],
)
def test_a_page_is_ours_by_its_host_whether_the_usual_port_is_told_or_not(
    origin: str, host: str, own: bool
) -> None:
    assert is_own_page(origin, host) is own
