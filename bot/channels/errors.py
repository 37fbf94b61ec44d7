"""One JSON error shape for programs, {"error": {"code", "message"}}, and a page for people."""

from __future__ import annotations

from typing import Any

import structlog
from aiohttp import web

from bot.channels.pages import NoSuchProduct, safe
from bot.conversations.agent_lines import NotTakenBack
from bot.conversations.conversation import WrongOwner
from bot.conversations.ratings import NothingToRate
from bot.conversations.service import UnknownConversation, UnseenLine, Unsendable
from bot.database import DatabaseUnavailable
from bot.shop.words.errors import (
    OutOfStock,
    ShopError,
    ShopUnavailable,
    TooManyTries,
    UnknownOrder,
    WrongMoment,
)

log = structlog.get_logger(__name__)


class ApiError(Exception):
    """Ends a request with this status, code (for programs) and message (Chinese, for people).

    `more`: what a page needs besides, beside the two in the answer's `error`.
    """

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.more = status, code, message, more


_UNSENDABLE = {"too_long": 413, "picture_too_large": 413, "too_fast": 429}


def error_body(code: str, message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, **more}}


def known_error(error: Exception) -> ApiError | None:
    """What an error of the house means at the edge; None: it is a fault of ours."""
    match error:
        case ApiError():
            return error
        case Unsendable():
            return ApiError(_UNSENDABLE.get(error.code, 422), error.code, error.message)
        case UnknownConversation():
            return ApiError(404, "unknown_conversation", "没有找到这段对话")
        case UnseenLine():
            return ApiError(409, "unseen_line", "买家刚又写了一句，看过再结束吧")
        case NothingToRate():
            return ApiError(404, "unknown_message", "没有找到要评价的这次服务")
        case NotTakenBack():
            return ApiError(409, error.code, error.message)
        case WrongOwner():
            return ApiError(409, "wrong_owner", "这段对话现在由别人负责")
        case DatabaseUnavailable() | ShopUnavailable():
            return ApiError(503, "unavailable", "系统忙，稍等一下会自动重试")
        case TooManyTries():
            return ApiError(429, "too_many_tries", "试得有点频繁，过一会儿再来吧")
        case UnknownOrder():
            return ApiError(404, "unknown_order", "没有找到这笔订单")
        case OutOfStock():
            return ApiError(409, "out_of_stock", "库存不够了")
        case WrongMoment():
            return ApiError(409, "wrong_moment", "订单现在的状态办不了这一步")
        case ShopError():
            return ApiError(422, "refused", "这一步没办成")
    return None


@web.middleware
async def json_errors(request: web.Request, handler: Any) -> web.StreamResponse:
    """Turns errors into the one shape, for pages into a page that leads back to the shop.

    What nobody foresaw is logged without the request's text.
    """
    try:
        response: web.StreamResponse = await handler(request)
    except web.HTTPException as refusal:
        if refusal.status < 400:
            raise
        message = _HTTP_MESSAGES.get(refusal.status, "请求不对")
        if not _speaks_json(request):
            return _page_of(request, refusal, message)
        code = refusal.reason.lower().replace(" ", "_")
        return web.json_response(error_body(code, message), status=refusal.status)
    except Exception as error:  # the outer edge: reported and answered
        known = known_error(error)
        if known is None:
            log.error(
                "request.failed", route=_route(request), error=type(error).__name__, exc_info=True
            )
            known = ApiError(500, "internal", "系统出了点问题，我们会尽快看")
        body = error_body(known.code, known.message, **known.more)
        return web.json_response(body, status=known.status)
    return response


_HTTP_MESSAGES = {
    400: "请求不对",
    401: "请先登录",
    403: "没有权限",
    404: "没有这个地址",
    405: "这个地址不支持这种请求",
    413: "内容太大了",
    415: "类型不支持",
    503: "系统忙，稍等一下再试",
}


_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>{title}</title>
<style>
  body {{ display: grid; min-height: 90vh; place-content: center; margin: 0; padding: 24px;
    background: #f6f2e9; color: #1f2a25; font: 17px/1.7 system-ui, sans-serif; text-align: center }}
  h1 {{ font-size: 24px }}
  a {{ display: inline-block; padding: 12px 24px; border-radius: 999px; background: #1e6a4d;
    color: #fff; text-decoration: none }}
  a:focus-visible {{ outline: 3px solid #b34512; outline-offset: 3px }}
  @media (prefers-color-scheme: dark) {{
    body {{ background: #131916; color: #e9efeb }}
    a {{ background: #2b7d5d }}
    a:focus-visible {{ outline-color: #f39a66 }}
  }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{why}</p>
<p><a href="{home}">回到首页</a></p>
</main>
</body>
</html>
"""
_NO_PAGE = ("没有找到这个页面", "链接可能旧了，或者少了几个字。")
_NO_PRODUCT = ("没有找到这件商品", "可能已经下架了，去店里看看别的吧。")


def _page_of(request: web.Request, refusal: web.HTTPException, message: str) -> web.Response:
    """For people: who follows an old link still finds the shop."""
    title, why = message, "请换个地址，或者过一会儿再试。"
    if refusal.status == 404:
        title, why = _NO_PRODUCT if isinstance(refusal, NoSuchProduct) else _NO_PAGE
    kept = {name: refusal.headers[name] for name in ("Allow",) if name in refusal.headers}
    return web.Response(
        status=refusal.status,
        text=_PAGE.format(title=title, why=why, home=_home(request)),
        content_type="text/html",
        headers={**safe(request), **kept},
    )


def _home(request: web.Request) -> str:
    """The front page, seen from this one: the house may stand under a path that it never hears of."""
    return "../" * (request.rel_url.raw_path.count("/") - 1) or "./"


def _speaks_json(request: web.Request) -> bool:
    return request.path.startswith(("/api/", "/webhooks/"))


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "?"
