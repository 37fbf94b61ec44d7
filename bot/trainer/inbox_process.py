"""The inbox and the trainers' files for the desk, in a process of its own: reading all lines would hold up buyers' turns.

`python -m bot.trainer.inbox_process ROOT VAR DATABASE_URL`: one JSON object in, one out. Exit code 0,
or 2 with {"why": …} where nothing could be done.

With `--stay` it answers line by line until its input ends: one JSON object a line, and a line
{"code", "told"} for each. What the check has read stays in its memory, and is read before it is asked
for where nobody waits.
"""

from __future__ import annotations

import contextlib
import json
import select
import sys
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.database import Database, DatabaseUnavailable
from bot.trainer.editing import Change, Edited, Editor
from bot.trainer.inbox_deeds import Inbox
from bot.trainer.shelves import shelf
from bot.trainer.teaching import CannotTeach

CANNOT, STAY = 2, "--stay"


def done(inbox: Inbox, editor: Editor, database_url: str, asked: dict[str, Any]) -> dict[str, Any]:
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
        return asdict(editor.save(*where, changes, by=by))
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
    editor = Editor(inbox.root, inbox.kept)
    try:
        if STAY in sys.argv[4:]:
            return _stay(inbox, editor, database_url)
        code, told = _answered(inbox, editor, database_url, json.load(sys.stdin))
        sys.stdout.write(json.dumps(told, ensure_ascii=False))
        return code
    finally:
        editor.close()


def _stay(inbox: Inbox, editor: Editor, database_url: str) -> int:
    for line in sys.stdin:
        asked = json.loads(line)
        code, told = _answered(inbox, editor, database_url, asked)
        sys.stdout.write(json.dumps({"code": code, "told": told}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        if asked["deed"] == "shelf" and not select.select([sys.stdin], [], [], 0)[0]:
            with contextlib.suppress(OSError):  # the saving will tell
                editor.warm()
    return 0


def _answered(
    inbox: Inbox, editor: Editor, database_url: str, asked: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    """(exit code, what is told)."""
    try:
        return 0, done(inbox, editor, database_url, asked)
    except Edited as error:
        return CANNOT, {"why": str(error), "code": "edited_meanwhile"}
    except CannotTeach as error:
        return CANNOT, {"why": str(error)}
    except DatabaseUnavailable:
        return CANNOT, {"why": "数据库没有应答，过一会儿再试"}


if __name__ == "__main__":
    sys.exit(main())
