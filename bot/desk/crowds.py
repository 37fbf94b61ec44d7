"""Many visitors from one place who all ask for a person: nobody is refused, the many stand behind.

A stranger makes 200 visitors in seconds, and each may say 转人工. Whoever really waits must still be
seen, and an office or a school is one place too: so the first few of a place wait like everybody,
and the rest are listed behind all others. They move up as those before them are served.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

MOST_OF_A_PLACE = 5  # visitors of one address range who wait among the others at a time
_MOST_BEHIND = 5_000  # ids that one query takes


def crowded(waiting: Sequence[str], place_of: Callable[[str], str]) -> list[str]:
    """Of the waiting visitors' conversations, longest wait first, those that are listed behind.

    `place_of`: the address range a conversation was heard from; "" (not heard since the start) is
    no place.
    """
    seen: Counter[str] = Counter()
    behind = []
    for conversation_id in waiting:
        if not (place := place_of(conversation_id)):
            continue
        seen[place] += 1
        if seen[place] > MOST_OF_A_PLACE:
            behind.append(conversation_id)
    return behind[:_MOST_BEHIND]
