"""The inbox and the trainers' files for the desk, in a process of its own: reading all lines would hold up buyers' turns.

`python -m bot.trainer.inbox_process ROOT VAR DATABASE_URL`: one JSON object in, one out. Exit code 0,
or 2 with {"why": …} where nothing could be done.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.database import Database, DatabaseUnavailable
from bot.trainer.editing import Change, Edited, save
from bot.trainer.inbox_deeds import Inbox
from bot.trainer.shelves import shelf
from bot.trainer.teaching import CannotTeach

CANNOT = 2


def done(inbox: Inbox, database_url: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What came of one request. Raises CannotTeach, DatabaseUnavailable."""
    deed, by = asked["deed"], str(asked.get("by", ""))
    if deed == "shelf":
        return shelf(inbox.root, str(asked["kind"])).as_json()
    if deed == "save":
        changes = [
            Change(path=tuple(one["path"]), items=tuple(map(str, one["items"])))
            for one in asked["changes"]
        ]
        where = str(asked["kind"]), str(asked["file"]), str(asked["mark"])
        return asdict(save(inbox.root, inbox.kept, *where, changes, by=by))
    lines = [str(one) for one in asked.get("lines", ())]
    if deed == "rows":
        database = Database(database_url)
        try:
            rows, count = inbox.rows(
                database, _now, days=int(asked["days"]), limit=int(asked["limit"])
            )
        finally:
            database.close()
        return {"count": count, "rows": [row.as_json() for row in rows]}
    if deed == "nearest":
        return {"nearest": inbox.nearest(lines[0], str(asked["intent"]))}
    if deed == "accept":
        return {"places": inbox.accept_all(lines, str(asked["intent"]), by=by)}
    if deed == "question":
        title, answer = str(asked["title"]), str(asked["answer"])
        return {"places": [inbox.ask_anew(title, lines, answer, by=by)]}
    for line in lines:
        inbox.skip(line)
    return {"places": []}


def _now() -> datetime:
    return datetime.now(timezone.utc)


def main() -> int:
    root, var, database_url = sys.argv[1:4]
    inbox = Inbox(Path(root), Path(var))
    code, told = 0, {}
    try:
        told = done(inbox, database_url, json.load(sys.stdin))
    except Edited as error:
        code, told = CANNOT, {"why": str(error), "code": "edited_meanwhile"}
    except CannotTeach as error:
        code, told = CANNOT, {"why": str(error)}
    except DatabaseUnavailable:
        code, told = CANNOT, {"why": "数据库没有应答，过一会儿再试"}
    sys.stdout.write(json.dumps(told, ensure_ascii=False))
    return code


if __name__ == "__main__":
    sys.exit(main())
