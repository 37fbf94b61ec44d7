"""E-mail by SMTP: one plain letter a delivery, sent at most once.

smtplib speaks in a thread. Where the other side's answer to the letter itself did not come, nobody
knows whether it has it, and nothing is sent again.
"""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.outgoing.delivery import Delivery, NotNow, Refused, Unsure
from bot.shop.words.mail_address import email_address

WAY_OUT = "不想再收到提醒，在店里的聊天窗口回「退订」就好。"
_LONGEST_SUBJECT = 40  # characters: a phone's list shows no more
_WITHIN_S = 5.0  # for each step
_TAKEN = 250
_NEVER = 500  # an SMTP code from here on is a no for good; below it, not now
_ENDINGS = "。！？!?~…"


@dataclass(frozen=True, kw_only=True)
class MailServer:
    host: str
    port: int
    security: str  # "tls", "starttls", or "none" (on this machine only)
    user: str = field(repr=False)
    password: str = field(repr=False)
    sender: str  # our address
    sender_name: str


class EmailDoor:
    """`Delivery.body`: {"text"}; the address is asked for when it is sent."""

    may_repeat = False

    def __init__(
        self,
        server: MailServer,
        email_of: Callable[[str], Awaitable[str]],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`email_of`: by buyer; "" where none is known. `tls`: the system's certificates if None."""
        self._server, self._email_of, self._tls = server, email_of, tls

    async def deliver(self, delivery: Delivery) -> str:
        to = email_address(await self._email_of(delivery.buyer_id))
        if not to:
            raise Refused("no e-mail address")
        letter = letter_of(self._server, to, delivery)
        return await asyncio.to_thread(self._send, letter)

    def _send(self, letter: EmailMessage) -> str:
        try:
            smtp = self._connected()
            try:
                return _handed_over(smtp, letter)
            finally:
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    smtp.quit()  # what came of the letter is known by now
        except smtplib.SMTPResponseException as error:
            raise _answered(error.smtp_code) from error
        except smtplib.SMTPServerDisconnected as error:
            raise NotNow("hung up before the letter") from error
        except smtplib.SMTPException as error:
            raise Refused(type(error).__name__) from error
        except OSError as error:
            raise NotNow(f"cannot connect: {type(error).__name__}") from error

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        context = self._tls or ssl.create_default_context()
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=_WITHIN_S, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=_WITHIN_S)
        try:
            if server.security == "starttls":
                smtp.starttls(context=context)
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp


def _handed_over(smtp: smtplib.SMTP, letter: EmailMessage) -> str:
    """The answer to the letter. From DATA on, silence means that nobody knows."""
    sender, to = letter["From"].addresses[0].addr_spec, letter["To"].addresses[0].addr_spec
    smtp.ehlo_or_helo_if_needed()
    for ask, address in ((smtp.mail, sender), (smtp.rcpt, to)):
        code, _ = ask(address)
        if not 200 <= code < 300:
            raise _answered(code)
    try:
        code, told = smtp.data(letter.as_bytes(policy=SMTP))
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        raise Unsure(f"no answer to the letter: {type(error).__name__}") from error
    if code != _TAKEN:
        raise _answered(code)
    return told.decode("utf-8", "replace")


def letter_of(server: MailServer, to: str, delivery: Delivery) -> EmailMessage:
    """The same `Message-ID` whenever it is made."""
    text = " ".join(str(delivery.body["text"]).split())
    letter = EmailMessage()
    letter["From"] = Address(server.sender_name, addr_spec=server.sender)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = f"【{server.sender_name}】{_first_sentence(text)}"
    letter["Date"] = format_datetime(delivery.created_at)
    letter["Message-ID"] = f"<{delivery.key}@{Address(addr_spec=server.sender).domain}>"
    letter["Auto-Submitted"] = "auto-generated"  # no out-of-office answers, please
    letter.set_content(f"{text}\n\n{server.sender_name}\n\n--\n{WAY_OUT}\n")
    return letter


def _first_sentence(text: str) -> str:
    end = next((place for place, letter in enumerate(text) if letter in _ENDINGS), len(text))
    return text[: min(end, _LONGEST_SUBJECT)]


def _answered(code: int) -> NotNow | Refused:
    told = f"answered {code}"
    return Refused(told) if code >= _NEVER else NotNow(told)
