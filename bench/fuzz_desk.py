"""`make fuzz`: schemathesis against a house of its own, by docs/desk-api.yaml; no answer is a fault of ours.

It signs in as the owner and has a talk taken, so that what it makes up reaches the verbs and not only
the checks before them. The house runs in a copy of the project: trainers' verbs write YAML, and nothing of
what is made up may stand in a shop's files or data.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[1]
SCHEMATHESIS = ROOT / ".fuzz" / "bin" / "schemathesis"
PORT = 8391
HOUSE = f"http://127.0.0.1:{PORT}"
PASSWORD = "a-long-password"
OURS = {"X-Requested-With": "dianxiaoer", "Content-Type": "application/json"}
# The first ones end the sign-in that all others need; publishing trains for minutes (tests/publishing).
LEFT_OUT = ("login", "logout", "end_sign_in", "socket", "publish")
NOT_COPIED = shutil.ignore_patterns(
    ".git",
    ".venv",
    ".fuzz",
    ".node",
    "node_modules",
    "models",
    "var",
    "results",
    ".*_cache",
    "tests",
)


def called(path: str, body: dict[str, Any], **headers: str) -> tuple[dict[str, Any], str]:
    """The answer, and the cookie that came with it."""
    request = Request(HOUSE + path, json.dumps(body).encode(), {**OURS, **headers})
    with urlopen(request, timeout=30) as answer:
        cookie = (answer.headers.get("Set-Cookie") or "").partition(";")[0]
        return json.loads(answer.read()), cookie


def opened() -> tuple[str, str]:
    """The owner's cookie, and a talk that the owner has."""
    _, cookie = called("/api/desk/login", {"name": "admin", "password": PASSWORD})
    session, _ = called("/api/chat/session", {})
    line = {"type": "send", "id": "l1", "kind": "text", "text": "在吗"}
    called("/api/chat/messages", line, Authorization=f"Bearer {session['token']}")
    talk = str(session["conversation_id"])
    called(f"/api/desk/conversations/{talk}/take", {}, Cookie=cookie)
    return cookie, talk


def config(talk: str, cookie: str) -> str:
    return "\n".join(
        [
            f'headers = {{ Cookie = "{cookie}", X-Requested-With = "dianxiaoer" }}',
            "[parameters]",
            f'"path.conversation_id" = "{talk}"',
            "",
        ]
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--schemathesis", type=Path, default=SCHEMATHESIS)
    options.add_argument("--examples", type=int, default=30, help="of each operation")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        shutil.copytree(ROOT, project, ignore=NOT_COPIED)
        own = {
            **os.environ,
            "PYTHONPATH": str(project),
            "DIANXIAOER_VAR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/house.db",
            "PORT": str(PORT),
            "DESK_PASSWORD": PASSWORD,
        }
        subprocess.run([sys.executable, "-m", "bot.shop", "demo"], cwd=project, env=own, check=True)
        log = Path(folder) / "log"
        with log.open("w") as written:
            house = subprocess.Popen(
                [sys.executable, "-m", "bench.echo"], cwd=project, env=own, stdout=written,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            _wait()
            cookie, talk = opened()
            settings = Path(folder) / "schemathesis.toml"
            settings.write_text(config(talk, cookie), encoding="utf-8")
            skipped = [f"--exclude-operation-id={name}" for name in LEFT_OUT]
            done = subprocess.run(
                [
                    str(chosen.schemathesis.absolute()), "--config-file", str(settings), "run",
                    str(ROOT / "docs" / "desk-api.yaml"), "--url", HOUSE,
                    "--checks", "not_a_server_error", "--max-examples", str(chosen.examples),
                    "--seed", str(chosen.seed), "--phases", "examples,coverage,fuzzing",
                    "--continue-on-failure", *skipped,
                ],
                cwd=folder,  # what it keeps goes with it
            )  # fmt: skip
            faults = [line for line in log.read_text().splitlines() if "request.failed" in line]
            print("\n".join(faults[:20]))
            return done.returncode or bool(faults)
        finally:
            house.terminate()
            house.wait(20)


def _wait() -> None:
    for _ in range(600):
        try:
            with urlopen(f"{HOUSE}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the house did not open")


if __name__ == "__main__":
    sys.exit(main())
