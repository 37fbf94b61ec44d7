"""The pages that the web part was built into, with the headers that keep them safe."""

from __future__ import annotations

import re
from pathlib import Path

from aiohttp import web

from bot import privacy_notice
from bot.channels.keys import FACE, SETTINGS, SHOP
from bot.shop.words.errors import ShopError

# Sockets to this very host, named: old browsers do not count ws: as 'self'.
_CSP = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' {sockets}; object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)
_PICTURE_TYPES = {
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?")
_A_WHILE = "public, max-age=600, stale-while-revalidate=86400"
_FOR_GOOD = "public, max-age=31536000, immutable"
_NAMED_BY_CONTENT = re.compile(r"-[\w-]{8}\.(js|css|svg)$")
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def safe(request: web.Request) -> dict[str, str]:
    """The headers of a page that this request asks for."""
    host = request.host if _HOST.fullmatch(request.host) else ""
    policy = _CSP.format(sockets=f"ws://{host} wss://{host}" if host else "")
    return {"Content-Security-Policy": policy, **_SAFE}


async def front(request: web.Request) -> web.StreamResponse:
    return _page(request, "index.html")


class NoSuchProduct(web.HTTPNotFound):
    """An address of goods that the shop has no more, or never had."""


async def product(request: web.Request) -> web.StreamResponse:
    try:
        found = await request.app[SHOP].product(request.match_info["product_id"])
    except ShopError:  # away just now: the page itself tells so, and asks again
        return _page(request, "p/index.html")
    if found is None:
        raise NoSuchProduct
    return _page(request, "p/index.html")


async def pay(request: web.Request) -> web.StreamResponse:
    return _page(request, "pay/index.html")


async def desk(request: web.Request) -> web.StreamResponse:
    return _page(request, "desk.html")


async def privacy(request: web.Request) -> web.Response:
    """What is kept of a buyer, how long, who sees it, and how to have it deleted."""
    html = privacy_notice.page(request.app[FACE].now)
    return web.Response(text=html, content_type="text/html", headers=safe(request))


async def widget(request: web.Request) -> web.StreamResponse:
    """One script for pages of any origin; its chat calls come back to this origin by CORS."""
    response = _page(request, "widget.js")
    response.headers.update({"Access-Control-Allow-Origin": "*", "Cache-Control": _A_WHILE})
    return response


async def panel(request: web.Request) -> web.StreamResponse:
    """The newest panel, for pages whose widget.js names one that a new version has replaced."""
    found = sorted((request.app[SETTINGS].web / "assets").glob("panel-*.js"))
    if not found:
        raise web.HTTPNotFound
    response = _page(request, f"assets/{found[-1].name}")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


async def asset(request: web.Request) -> web.StreamResponse:
    """GET a built file, named by its content: kept by caches for good, read by pages of any origin."""
    path = _file(request.app[SETTINGS].web / "assets", request.match_info["name"])
    if path is None or path.suffix in (".gz", ".br"):
        raise web.HTTPNotFound  # packed ones are sent under the name of the whole
    headers = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    headers["Cache-Control"] = _FOR_GOOD if _NAMED_BY_CONTENT.search(path.name) else "no-cache"
    return web.FileResponse(path, headers=headers)


async def goods_picture(request: web.Request) -> web.StreamResponse:
    """GET a picture of the shop's goods, by its file name."""
    folder: Path = request.app[SETTINGS].pictures
    path = folder / request.match_info["name"]  # the route lets no slash through
    if path.suffix not in _PICTURE_TYPES or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(
        path,
        headers={
            "Content-Type": _PICTURE_TYPES[path.suffix],
            # An SVG that is opened by itself is a page: it may style itself, and no more.
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "public, max-age=3600",
        },
    )


def _file(folder: Path, name: str) -> Path | None:
    path = folder / name  # the route lets no slash through
    return path if path.is_file() else None


def _page(request: web.Request, name: str) -> web.StreamResponse:
    path: Path = request.app[SETTINGS].web / name
    if not path.is_file():
        return web.Response(status=503, text="网页还没有构建，请先运行 make web\n")
    return web.FileResponse(path, headers=safe(request))
