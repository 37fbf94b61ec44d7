"""What each of the shop's people may do at the desk."""

from __future__ import annotations

from enum import Enum


class Role(Enum):
    OWNER = "owner"  # everything, with the accounts, the shop's files and the buyers' data
    SUPERVISOR = "supervisor"  # every talk, also those that colleagues have; invites agents
    AGENT = "agent"  # talks: the queue's and one's own
    TRAINER = "trainer"  # reads, phones and addresses masked; answers nobody

    @property
    def text(self) -> str:
        return _TEXTS[self]

    @property
    def may_answer(self) -> bool:
        return self is not Role.TRAINER

    @property
    def may_lead(self) -> bool:
        """May act in colleagues' talks, and write what is the whole shop's."""
        return self in (Role.OWNER, Role.SUPERVISOR)

    @property
    def may_teach(self) -> bool:
        """May write what the bot learns, publish it, and look why it said what."""
        return self in (Role.OWNER, Role.TRAINER)

    def may_invite(self, role: Role) -> bool:
        return self is Role.OWNER or (self is Role.SUPERVISOR and role is Role.AGENT)


_TEXTS = {
    Role.OWNER: "店主",
    Role.SUPERVISOR: "主管",
    Role.AGENT: "客服",
    Role.TRAINER: "训练师",
}
