"""The house behind nginx, with the very blocks of docs/operating.md: on a host of its own with TLS,
and under a path of another one's (K27, K28)."""

from __future__ import annotations

import asyncio
import io
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import aiohttp
import pytest
from PIL import Image

from bot.channels import keys
from bot.desk.who import ACCOUNTS, COOKIE
from tests.house.server import OURS, Server
from tests.support.nginx import Address, own_host, running, under_a_path

_ADDRESSES = re.compile(r'(?:src|href)="([^"]+)"')
_AGENT = {"name": "小李", "password": "a long password"}
HOST_LINE = "proxy_set_header Host $http_host;"
_PAGE = {"Host": "kefu.example.com", "Origin": "https://kefu.example.com", **OURS}


class Visit:
    """A browser's way to the house, through nginx."""

    def __init__(self, server: Server, address: Address, session: aiohttp.ClientSession) -> None:
        self.server, self.session = server, session
        self.url, self.plain_port = address.url, address.plain_port
        self.origin = re.sub(r"(?<=\d)/.*", "", address.url)
        self.path = address.url.removeprefix(self.origin)

    async def opened(self) -> str:
        """A new visitor's token."""
        answer = await self.session.post(f"{self.url}/api/chat/session", json={})
        assert answer.status == 200
        return str((await answer.json())["token"])

    async def signs_in(self, password: str = _AGENT["password"], **headers: str) -> Any:
        return await self.session.post(
            f"{self.url}/api/desk/login",
            json={**_AGENT, "password": password},
            headers=headers or {**OURS, "Origin": self.origin},
        )


Opening = Callable[..., Any]


@pytest.fixture
async def visiting(open_server: Callable[..., Any], tmp_path: Path) -> AsyncIterator[Opening]:
    """Opens the house behind nginx: `where` is "own host" or "under a path"."""
    async with AsyncExitStack() as stack:

        async def visit(where: str, change: Callable[[str], str] = str) -> Visit:
            server: Server = await open_server(
                trusted_proxies=(ip_network("127.0.0.1/32"),), demo=False
            )
            await server.app[ACCOUNTS].set_password(_AGENT["name"], _AGENT["password"])
            port = int(server.client.port or 0)
            content, address = (
                own_host(tmp_path, port) if where == "own host" else under_a_path(port)
            )
            await stack.enter_async_context(running(tmp_path, change(content), address))
            session = await stack.enter_async_context(_browser(address))
            return Visit(server, address, session)

        yield visit


@asynccontextmanager
async def _browser(address: Address, own_address: str = "") -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(
        ssl=address.trust or True, local_addr=(own_address, 0) if own_address else None
    )
    jar = aiohttp.CookieJar(unsafe=True)  # of an address instead of a name
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as session:
        yield session


WHERE = pytest.mark.parametrize("where", ["own host", "under a path"])


@WHERE
async def test_pages_find_all_they_name(visiting: Opening, where: str) -> None:
    visit: Visit = await visiting(where)
    for page in ("/", "/desk", "/p/boot-qiyun", "/pay/6802000000000201"):
        answer = await visit.session.get(visit.url + page)
        assert answer.status == 200
        named = _ADDRESSES.findall(await answer.text())
        assert len(named) > 3
        for address in named:
            whole = urljoin(str(answer.url), address)
            assert whole.startswith(f"{visit.url}/")
            assert (await visit.session.get(whole)).status == 200, whole


@WHERE
async def test_a_lost_page_leads_home(visiting: Opening, where: str) -> None:
    visit: Visit = await visiting(where)
    for lost in ("/nothing", "/p/gone/for/good"):
        answer = await visit.session.get(visit.url + lost)
        assert answer.status == 404
        (home,) = _ADDRESSES.findall(await answer.text())
        assert urljoin(str(answer.url), home) == f"{visit.url}/"


@WHERE
async def test_a_buyer_writes_and_sends_a_picture(visiting: Opening, where: str) -> None:
    visit: Visit = await visiting(where)
    token = await visit.opened()
    async with visit.session.ws_connect(f"{visit.url}/api/chat/socket") as ws:
        await ws.send_json({"type": "hello", "token": token, "last_seq": 0})
        await ws.send_json({"type": "send", "id": "m1", "kind": "text", "text": "在吗"})
        said = ""
        while "听到" not in said:
            frame = await asyncio.wait_for(ws.receive_json(), 60)
            said = frame.get("message", {}).get("text", "")
    form = aiohttp.FormData()
    form.add_field("file", _noise(), filename="shoe.png", content_type="image/png")
    answer = await visit.session.post(
        f"{visit.url}/api/chat/pictures", data=form, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status == 200
    shown = await visit.session.get(visit.url + (await answer.json())["url"])
    assert shown.content_type == "image/jpeg"


def _noise() -> bytes:
    """A picture above the megabyte that nginx lets through by itself."""
    buffer = io.BytesIO()
    Image.frombytes("RGB", (700, 700), os.urandom(700 * 700 * 3)).save(buffer, "PNG")
    assert buffer.tell() > 1024 * 1024
    return buffer.getvalue()


@WHERE
async def test_an_agent_signs_in_listens_and_leaves(visiting: Opening, where: str) -> None:
    visit: Visit = await visiting(where)
    answer = await visit.signs_in()
    assert answer.status == 200
    (cookie,) = (one for one in visit.session.cookie_jar if one.key == COOKIE)
    assert cookie["path"] == f"{visit.path}/api/desk"
    assert bool(cookie["secure"]) is visit.url.startswith("https")
    assert (await visit.session.get(f"{visit.url}/api/desk/me")).status == 200
    async with visit.session.ws_connect(
        f"{visit.url}/api/desk/socket", headers={"Origin": visit.origin}
    ) as ws:
        assert not ws.closed
    await visit.session.post(f"{visit.url}/api/desk/logout", headers=OURS)
    assert not [one for one in visit.session.cookie_jar if one.key == COOKIE]


async def test_plain_http_leads_to_https(visiting: Opening) -> None:
    visit: Visit = await visiting("own host")
    answer = await visit.session.get(
        f"http://127.0.0.1:{visit.plain_port}/desk",
        headers={"Host": "kefu.example.com"},
        allow_redirects=False,
    )
    assert answer.headers["Location"] == "https://kefu.example.com/desk"


async def test_a_path_without_its_slash_leads_to_the_house(visiting: Opening) -> None:
    visit: Visit = await visiting("under a path")
    answer = await visit.session.get(visit.url)
    assert (answer.status, str(answer.url)) == (200, f"{visit.url}/")


@pytest.mark.parametrize(
    "line", [HOST_LINE, "proxy_set_header Host $host;", "proxy_set_header Host $host:443;"]
)
async def test_the_host_may_be_told_in_any_usual_way(visiting: Opening, line: str) -> None:
    visit: Visit = await visiting("own host", lambda content: content.replace(HOST_LINE, line))
    assert (await visit.signs_in(**_PAGE)).status == 200


async def test_without_the_host_the_refusal_names_the_missing_line(visiting: Opening) -> None:
    visit: Visit = await visiting("own host", lambda content: content.replace(HOST_LINE, ""))
    answer = await visit.signs_in(**_PAGE)
    assert answer.status == 403
    assert HOST_LINE in (await answer.json())["error"]["message"]


async def test_without_the_scheme_one_signs_in_all_the_same(visiting: Opening) -> None:
    line = "proxy_set_header X-Forwarded-Proto $scheme;"
    visit: Visit = await visiting("own host", lambda content: content.replace(line, ""))
    answer = await visit.signs_in(**_PAGE)
    assert answer.status == 200
    assert "Secure" not in answer.headers["Set-Cookie"]


async def test_who_guesses_passwords_locks_nobody_else_out(visiting: Opening) -> None:
    visit: Visit = await visiting("own host")
    guesser, agent = "127.0.2.2", "127.0.1.2"  # two ranges, as nginx sees them
    trust = Address(visit.url, 0, visit.session.connector._ssl)  # type: ignore[union-attr,arg-type]
    async with _browser(trust, guesser) as session:
        visit.session = session
        statuses = [(await visit.signs_in(f"wrong password {n}")).status for n in range(12)]
        assert statuses[-1] == 429
    async with _browser(trust, agent) as session:
        visit.session = session
        assert (await visit.signs_in()).status == 200


async def test_addresses_are_those_that_nginx_saw(visiting: Opening) -> None:
    visit: Visit = await visiting("own host")
    trust = Address(visit.url, 0, visit.session.connector._ssl)  # type: ignore[union-attr,arg-type]
    async with _browser(trust, "127.0.9.9") as session:
        visit.session = session
        token = await visit.opened()
        async with session.ws_connect(f"{visit.url}/api/chat/socket") as ws:
            await ws.send_json({"type": "hello", "token": token, "last_seq": 0})
            await ws.send_json({"type": "send", "id": "m1", "kind": "text", "text": "在吗"})
            while (await asyncio.wait_for(ws.receive_json(), 60))["type"] != "ack":
                pass
    heard = visit.server.app[keys.ORIGINS]
    assert [heard.of(one) for one in heard._of] == ["127.0.9.0/24"]
