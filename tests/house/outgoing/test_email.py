"""E-mails against a mail server on this machine: to whom, what stands in them, and never two."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from bot.door_settings import DoorPlan, EmailPlan
from bot.followups.pushing import demand_known, emails_of, pushes, unwanted
from bot.followups.sender import FollowUpSender
from bot.outgoing import claimed
from bot.outgoing.courier import Courier
from bot.outgoing.delivery import Delivery, NotNow, Refused, Unsure
from bot.outgoing.email import EmailDoor, MailServer
from bot.outgoing.tables import outgoing
from bot.settings import Settings, SettingsError
from bot.shop.embedded import tables
from bot.shop.words.mail_address import email_address
from tests.house.conftest import Chat
from tests.house.followups.world import HOUR, placed
from tests.support.house import Clock, House
from tests.support.nginx import certificate_in

TO = "lulu@example.com"
PLAN = EmailPlan(
    host="127.0.0.1", port=25, security="none", user="", password="",
    sender="hello@shop.example", kinds=frozenset(["unpaid_order"]),
)  # fmt: skip


class Post:
    """What aiosmtpd hands over; `answers` come first, one a letter."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.got: list[EmailMessage] = []
        self.signed_in: list[bool] = []

    async def handle_RCPT(  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else ""
        if answer == "hang up":
            self.got.append(_read(envelope))
            cast(asyncio.Transport, server.transport).abort()
            return "250 nobody hears this"
        if answer:
            return answer
        self.got.append(_read(envelope))
        self.signed_in.append(bool(session.authenticated))
        return f"250 queued as {len(self.got)}"


def _read(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    return message_from_bytes(envelope.content, policy=default)  # type: ignore[return-value]


def _knows(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: Any
) -> AuthResult:
    return AuthResult(success=auth.login == b"shop" and auth.password == b"secret")


@pytest.fixture
async def post() -> AsyncIterator[tuple[Post, int]]:
    one = Post()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(one), "127.0.0.1", 0)
    yield one, server.sockets[0].getsockname()[1]
    server.close()


@pytest.fixture
def clock(settings: Settings) -> Clock:
    return Clock.today("11:30", settings)


@pytest.fixture
async def chat(house: House) -> Chat:
    """With a house that pushes."""
    house.follow_ups = FollowUpSender(
        database=house.database,
        occasions=house.follow_ups._occasions,
        turns=house.turns,
        kinds=house.kinds,
        plan=house.settings.shop.follow_ups,
        zone=house.settings.shop.zone,
        clock=house.clock,
        push=pushes(DoorPlan(email=PLAN), house.news.is_read),
    )
    await house.feed.read()
    opened = await Chat.with_buyer(house)
    await opened.ask("先看看")
    await claimed.keep(house.database, opened.buyer_id, TO, house.clock())
    return opened


async def told(chat: Chat) -> None:
    """One reminder is said in the chat and waits for the post."""
    await placed(chat)
    assert await chat.house.later(HOUR * 1.5) == 1


def server_at(port: int, **other: Any) -> MailServer:
    usual = MailServer(
        host="127.0.0.1", port=port, security="none", user="", password="",
        sender=PLAN.sender, sender_name="山行户外",
    )  # fmt: skip
    return replace(usual, **other)


async def carry(house: House, port: int, tls: Any = None, **other: Any) -> int:
    door = EmailDoor(server_at(port, **other), emails_of(house.shop, house.database), tls)
    courier = Courier(
        database=house.database,
        doors={"email": door},
        clock=house.clock,
        unwanted=unwanted(house.database, DoorPlan(email=PLAN), house.clock),
    )
    return await courier.deliver_due()


async def state(house: House) -> tuple[Any, ...]:
    query = sa.select(outgoing.c.status, outgoing.c.last_error)
    [row] = await house.database.read(lambda c: [tuple(row) for row in c.execute(query)])
    return row


async def test_who_has_no_page_open_gets_one_letter(chat: Chat, post: tuple[Post, int]) -> None:
    one, port = post
    await told(chat)
    assert await carry(chat.house, port) == 1
    assert await carry(chat.house, port) == 0
    [letter] = one.got
    assert letter["To"] == TO and letter["From"] == "山行户外 <hello@shop.example>"
    assert letter["Subject"].startswith("【山行户外】")
    assert letter["Message-ID"].startswith("<follow-up-")
    text = letter.get_content()
    assert "utter_follow_up_unpaid_order" in text and "「退订」" in text, text
    assert (await state(chat.house)) == ("delivered", "")


async def test_who_reads_the_chat_gets_none(chat: Chat) -> None:
    with chat.house.news.subscribe(chat.id):
        await told(chat)
    query = sa.select(outgoing.c.door)
    assert await chat.house.database.read(lambda c: list(c.execute(query))) == []


async def test_not_now_is_tried_again_and_a_no_is_not(chat: Chat, post: tuple[Post, int]) -> None:
    one, port = post
    one.answers = ["451 greylisted", "554 spam"]
    await told(chat)
    assert await carry(chat.house, port) == 0
    assert await state(chat.house) == ("waiting", "answered 451")
    chat.house.clock.forward(timedelta(seconds=10))
    assert await carry(chat.house, port) == 0
    assert await state(chat.house) == ("dead", "refused: answered 554")


async def test_an_opt_out_before_it_leaves_stops_it(chat: Chat, post: tuple[Post, int]) -> None:
    one, port = post
    await told(chat)
    await chat.ask("退订")
    assert await carry(chat.house, port) == 0 and one.got == []
    assert await state(chat.house) == ("withdrawn", "opted out")


DELIVERY = Delivery(
    delivery_id=1, door="email", target="", key="follow-up-1", buyer_id="b",
    body={"text": "您的徒步鞋要晚到：路上下雪。"}, created_at=datetime(2027, 3, 4, tzinfo=timezone.utc),
    expires_at=None, attempts=1,
)  # fmt: skip


async def delivered(port: int, to: str = TO, tls: Any = None, **other: Any) -> str:
    async def email_of(buyer_id: str) -> str:
        return to

    return await EmailDoor(server_at(port, **other), email_of, tls).deliver(DELIVERY)


async def test_the_subject_is_the_first_sentence(post: tuple[Post, int]) -> None:
    one, port = post
    assert await delivered(port) == "queued as 1"
    assert one.got[0]["Subject"] == "【山行户外】您的徒步鞋要晚到：路上下雪"


async def test_without_an_answer_to_the_letter_nobody_knows(post: tuple[Post, int]) -> None:
    one, port = post
    one.answers = ["hang up"]
    with pytest.raises(Unsure, match="no answer to the letter"):
        await delivered(port)
    assert len(one.got) == 1


async def test_a_server_that_is_not_there_is_asked_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotNow, match="cannot connect: ConnectionRefusedError"):
        await delivered(port)


@pytest.mark.parametrize("to", ["", "nobody@example.com", "lulu@example.com\nBcc: x@y.cn"])
async def test_where_nothing_can_arrive_it_is_refused(post: tuple[Post, int], to: str) -> None:
    one, port = post
    with pytest.raises(Refused):
        await delivered(port, to)
    assert one.got == []


async def test_signed_in_over_tls_and_to_nobody_with_a_false_certificate(tmp_path: Path) -> None:
    one, (certificate, key) = Post(), certificate_in(tmp_path)
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(certificate, key)
    trust = ssl.create_default_context(cafile=str(certificate))
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            one, tls_context=ours, require_starttls=True, authenticator=_knows, auth_required=True
        ),
        "127.0.0.1",
        0,
    )
    port = server.sockets[0].getsockname()[1]
    how = {"security": "starttls", "user": "shop", "password": "secret"}
    with pytest.raises(NotNow, match="SSLCertVerificationError"):  # nobody vouches for it
        await delivered(port, **how)
    with pytest.raises(Refused, match="answered 530"):  # sign in first, it says
        await delivered(port, tls=trust, security="starttls")
    await delivered(port, tls=trust, **how)
    assert one.signed_in == [True]
    server.close()


async def test_nothing_goes_in_the_clear_where_the_server_has_no_tls(
    post: tuple[Post, int],
) -> None:
    one, port = post
    with pytest.raises(Refused, match="SMTPNotSupportedError"):
        await delivered(port, security="starttls")
    assert one.got == []


async def test_the_shops_own_row_tells_where_no_token_claims(chat: Chat) -> None:
    email_of = emails_of(chat.house.shop, chat.house.database)
    assert await email_of(chat.buyer_id) == TO
    table = tables.buyers
    its = table.c.buyer_id == "buyer-lulu"
    await chat.house.database.run(
        lambda c: c.execute(table.update().where(its).values(email="row@example.com"))
    )
    assert await email_of("buyer-lulu") == "row@example.com"
    assert await email_of("visitor:1") == ""


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a.b+c@mail.example.cn", True), ("lulu", False), ("lulu@example", False), ("@a.cn", False),
        ("a@b.cn, c@d.cn", False), ("小李@例子.cn", False), ("a@[127.0.0.1]", False),
        ("a@b.cn\r\nTo: x@y.cn", False), ("", False), ("x" * 120 + "@a.cn", False),
    ],
)  # fmt: skip
def test_what_is_an_address(text: str, is_one: bool) -> None:
    assert email_address(text) == (text if is_one else "")


def test_a_kind_that_is_none_is_told_with_what_to_write() -> None:
    with pytest.raises(SettingsError, match=r"doors.email.kinds: 没有这一类跟进「unpaid_order」"):
        demand_known(DoorPlan(email=PLAN), ["parcel_late"])
