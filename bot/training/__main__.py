"""`python -m bot.training`: trains a model, or goes back to the one before (`--back`)."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from bot.training.going_back import go_back
from bot.training.inputs import changed, is_live
from bot.training.kinds import Kind, is_quick
from bot.training.refusals import Refused
from bot.training.trainer import Failed, train

ROOT = Path(__file__).resolve().parents[2]
_GENTLY = 15  # of 19: it goes on on a busy machine, too
DONE, FAILED, REFUSED, STOPPED = 0, 1, 2, 130


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.training", description=__doc__)
    parser.add_argument(
        "--further", action="store_true", help="go on from the last model: new examples only"
    )
    parser.add_argument("--if-stale", action="store_true", help="only where something has changed")
    parser.add_argument(
        "--to-open",
        action="store_true",
        help="what the house needs to open: a small model where there is none, and nothing where "
        "only lines and replies have changed",
    )
    parser.add_argument(
        "--back", action="store_true", help="train nothing: use the model before the newest again"
    )
    parser.add_argument(
        "--gently", action="store_true", help="let whoever else wants the processor go first"
    )
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    options = parser.parse_args()
    kind = Kind.FURTHER if options.further else Kind.FULL
    if options.back:
        return _back(options.models)
    if options.to_open:
        wanted = needed_to_open(ROOT, options.models)
        if wanted is None:
            return DONE
        kind = wanted
    elif options.if_stale and changed(ROOT, options.models) == []:
        return DONE
    if options.gently:
        os.nice(_GENTLY)
    signal.signal(signal.SIGTERM, _stop)
    try:
        train(kind, root=ROOT, models=options.models, out=sys.stdout, gently=options.gently)
    except Refused as error:
        print(error, file=sys.stderr)
        return REFUSED
    except Failed as error:
        print(error, file=sys.stderr)
        return FAILED
    except OSError as error:
        print(f"{error.filename} 写不了（{error.strerror}），原来的模型没有动。", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("训练停下了，原来的模型没有动。", file=sys.stderr)
        return STOPPED
    return DONE


def needed_to_open(root: Path, models: Path) -> Kind | None:
    """The training that must be waited for before the house opens; None where it can."""
    newest = max(models.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime, default=None)
    if newest is None:
        print("还没有模型：先训练一个小的，一两分钟就能开门；完整的在旁边慢慢训练，好了自动换上。")
        return Kind.QUICK
    if is_quick(newest):
        return None  # the full one is trained beside the open house
    stale = changed(root, models)
    if stale is None:
        return Kind.FULL  # nobody knows of what it was made
    waiting = [path for path in stale if not is_live(path, root)]
    if waiting:
        print(
            f"{waiting[0].relative_to(root)} 等 {len(waiting)} 个文件在上次训练之后改过，要先训练。"
        )
        return Kind.FULL
    if stale:
        print("说法和回答在上次训练之后改过：已经生效，有空时运行 make train，听得更准。")
    return None


def _back(models: Path) -> int:
    try:
        used, before = go_back(models)
    except Refused as error:
        print(error, file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"{error.filename} 改不了（{error.strerror}）。", file=sys.stderr)
        return FAILED
    print(f"用回 {used.name}，开着的店几秒内换上。{before.name} 还在，再运行一次就换回来。")
    return DONE


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
