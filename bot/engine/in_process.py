"""Runs custom actions inside this process, behind the door Rasa keeps for its action server.

Rasa swallows an action's exception and the buyer gets silence; here a failed or stalled action
answers with an apology and asks for a person.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import rasa.core.actions.action as rasa_actions
import structlog
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.handing_over import HandOverReason
from bot.shop.wire.one_turn import one_turn

log = structlog.get_logger(__name__)

TELLING_S = 1.0  # of an action's time the shop may not use: what was done is told in it
TROUBLE_RESPONSE = "utter_trouble"


def _accept_result(_action: Any, _result: dict[str, Any]) -> bool:
    """Our executor has checked the events; jsonschema would take 80 ms to do it again."""
    return True


class InProcessActions(EndpointConfig):  # type: ignore[misc]  # Rasa ships no types
    """An action endpoint that calls the executor instead of a server."""

    def __init__(self, package: str = "actions", *, time_limit: float = 8.0) -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._time_limit = time_limit
        rasa_actions.RemoteAction._validate_action_result = _accept_result

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._executor.actions)

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> dict[str, Any]:
        """Rasa's call: `json` is the action call; answers `{"events": [], "responses": []}`."""
        call = _copied(json)
        name = call["next_action"]
        try:
            with one_turn(self._time_limit - TELLING_S):
                result = await asyncio.wait_for(self._executor.run(call), self._time_limit)
        except ActionExecutionRejection as rejection:
            body = {"action_name": rejection.action_name, "error": str(rejection)}
            raise ClientResponseError(400, "rejected", _dumped(body)) from rejection
        except asyncio.TimeoutError:
            log.error("action.stalled", action=name, limit_s=self._time_limit)
            return _trouble(f"{name}: 超时")
        except Exception as error:  # the edge to all custom code: reported, then a person comes
            log.error("action.failed", action=name, error=type(error).__name__, exc_info=True)
            return _trouble(f"{name}: {type(error).__name__}")
        return result or {"events": [], "responses": []}


def _copied(call: dict[str, Any]) -> dict[str, Any]:
    """A copy, so that an action which changes its tracker does not change the live one."""
    copied: dict[str, Any] = json.loads(_dumped(call))
    return copied


def _dumped(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)


def _trouble(what: str) -> dict[str, Any]:
    note = f"系统没能办成这一步({what})"
    return {
        "events": [],
        "responses": [
            {"response": TROUBLE_RESPONSE},
            {"custom": {"hand_over": {"reason": HandOverReason.TROUBLE.value, "note": note}}},
        ],
    }
