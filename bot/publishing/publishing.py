"""One publish, step by step: until the last step the model in use is not touched."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from bot.database import Database, DatabaseUnavailable
from bot.memory_left import memory_left
from bot.publishing import releases, replay, scores, snapshot, trials
from bot.publishing.compared import Compared
from bot.publishing.going_on import settle
from bot.publishing.releases import Status
from bot.publishing.replay import Line
from bot.publishing.wanted import Checks, Wanted, kind_of
from bot.training.kinds import Kind, is_quick
from bot.training.made_here import digest_of
from bot.training.progress import in_words
from bot.training.refusals import Refused
from bot.training.trainer import (
    BEGUN,
    Command,
    Failed,
    Made,
    alone,
    make,
    named,
    put_in_place,
    rasa,
)

ROOM = 8  # times the model that is there: training, its cache, and the copy
_LEAST_ROOM = 300 << 20
_TRIES = 3
_KEPT = 3  # lists of differences


class Stopped(Exception):
    """It must not be published; the text says what is worse. Nothing was changed."""


@dataclass(kw_only=True)
class Publishing:
    """`root`: the project; `kept`: where the list of differences is written."""

    root: Path
    models: Path
    kept: Path
    database: Database
    clock: Callable[[], datetime]
    out: TextIO
    checks: Checks
    command: Command = rasa
    free_bytes: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free
    left: Callable[[], int | None] = memory_left  # bytes of memory
    _figures: dict[str, Any] = field(default_factory=dict)

    def publish(self, wanted: Wanted) -> int:
        """The release's number. Raises Refused, Stopped, Failed: the old model goes on answering."""
        self._figures = {}
        self.models.mkdir(parents=True, exist_ok=True)
        self._demand_room(wanted.by)
        if wanted.share is not None:
            self._demand_trial()
        kind = kind_of(wanted, self.root, self.models)
        with alone(self.models):
            settle(self.database, self.models, self.clock)
            trials.demand_none(self.database.read_sync(releases.trying))
            release = self.database.run_sync(
                releases.add, at=self.clock(), by=wanted.by, status=Status.RUNNING
            )
            with (
                self._kept_of(release),
                tempfile.TemporaryDirectory(dir=self.models, prefix=BEGUN) as folder,
            ):
                self._steps(release, wanted, kind, Path(folder))
        return release

    @contextmanager
    def _kept_of(self, release: int) -> Any:
        """However it ends, the row tells."""
        try:
            yield
        except Stopped as error:
            self._end(release, Status.STOPPED, str(error))
            raise
        except BaseException as error:
            self._end(release, Status.FAILED, _why(error))
            if isinstance(error, OSError):
                raise Failed(
                    f"{error.filename or '磁盘'} 写不了（{error.strerror}），原来的模型没有动。"
                ) from None
            if isinstance(error, DatabaseUnavailable):
                raise Failed("数据库没有应答，没有发布，原来的模型没有动。") from None
            raise

    def _steps(self, release: int, wanted: Wanted, kind: Kind, folder: Path) -> None:
        data, out = folder / "project", folder / "model"
        out.mkdir()
        with self._step(release, "check", "1/6 检查"):
            marks = self._checked_copy(data)
        self._keep(release, data_hash=snapshot.data_hash(marks))
        with self._step(release, "train", "2/6 在旁边训练"):
            made = make(
                kind, root=data, models=self.models, folder=out, out=self.out,
                gently=wanted.gently, command=self.command,
            )  # fmt: skip
        old, lines = self._in_use(), self._last_week(wanted)
        with self._step(release, "sentences", f"3/6 句子考题，4/6 回放 {len(lines)} 句真实消息"):
            compared = self.checks.compare(
                old=old, new=made.path, tests=data, lines=lines, same_rules=kind is Kind.FURTHER
            )
        self._weigh(wanted, compared)
        self._tell_differences(release, lines, compared)
        with self._step(release, "conversations", "5/6 对话考题"):
            self._converse(wanted, old, made.path, compared)
        with self._step(release, "swap", "6/6 换上"):
            self._swap(release, made, wanted.share)
        if late := snapshot.changed(marks, snapshot.marks_of(self.root)):
            self.out.write(
                f"{'、'.join(late[:5])} 在发布开始后又改过，这次没有带上，下次发布带上。\n"
            )

    def _checked_copy(self, data: Path) -> snapshot.Marks:
        """Of files that nobody has changed since the check looked at them."""
        for _ in range(_TRIES):
            before = snapshot.marks_of(self.root)
            if wrong := self.checks.look():
                raise Stopped("\n".join([*wrong, f"{len(wrong)} 处要改，改好再发布。"]))
            shutil.rmtree(data, ignore_errors=True)
            snapshot.copy(self.root, data)
            if snapshot.marks_of(data) == before:
                return before
            self.out.write("  文件又改过，再检查一遍\n")
        raise Stopped("文件一直有人在改，改完再发布。")

    def _demand_room(self, by: str) -> None:
        largest = max((one.stat().st_size for one in self.models.glob("*.tar.gz")), default=0)
        needed, free = max(ROOM * largest, _LEAST_ROOM), self.free_bytes(self.models)
        if free < needed:
            why = (
                f"磁盘只剩 {free >> 20} MB，发布要 {needed >> 20} MB。"
                "清出空间再来，原来的模型照旧。"
            )
            now = self.clock()
            self.database.run_sync(
                releases.add, at=now, ended_at=now, by=by, status=Status.STOPPED, why=why
            )
            raise Refused(why)

    def _in_use(self) -> Path | None:
        files = [one for one in self.models.glob("*.tar.gz") if not is_quick(one)]
        return max(files, key=lambda one: one.stat().st_mtime, default=None)

    def _last_week(self, wanted: Wanted) -> list[Line]:
        now = self.clock()
        since = now - timedelta(days=wanted.days)
        return self.database.read_sync(replay.lines, since, now, most=wanted.most)

    def _weigh(self, wanted: Wanted, compared: Compared) -> None:
        after, before = compared.sentences_after, compared.sentences_before
        right, of = scores.total(after)
        self._figures["sentences"] = {"right": right, "of": of}
        if before is None:
            self.out.write(f"  句子考题 {right}/{of}\n")
            return
        was, _ = scores.total(before)
        self._figures["sentences"]["before"] = was
        self.out.write(f"  句子考题 {right}/{of}，原来 {was}/{of}\n")
        found = scores.worse(before, after, wanted.margin)
        self._figures["worse"] = [one.intent for one in found]
        bad = [one for one in found if one.intent not in wanted.accepted]
        if bad:
            names = " ".join(f"--accept {one.intent}" for one in bad)
            raise Stopped(
                "\n".join(["这些意图变差了，没有发布：", *map(str, bad)])
                + f"\n补些说法再发布；确实要这样，加上 {names}"
            )

    def _tell_differences(self, release: int, lines: Sequence[Line], compared: Compared) -> None:
        before = compared.replies_before
        found = replay.differences(lines, before, compared.replies_after) if before else []
        bad = sum(one.is_regression for one in found)
        self._figures["replay"] = {
            "lines": len(lines),
            "answered": compared.answered,
            "different": len(found),
            "regressions": bad,
        }
        self.out.write(
            f"  {len(lines)} 句真实消息里 {len(found)} 句不一样，其中 {bad} 句原来答得好好的\n"
        )
        for one in found:
            self.out.write(f"  {one}\n")
        self._keep(release, figures=self._figures)
        self.kept.mkdir(parents=True, exist_ok=True)
        told = "".join(json.dumps(one.as_json(), ensure_ascii=False) + "\n" for one in found)
        (self.kept / f"{release}.jsonl").write_text(told, "utf-8")
        files = sorted(self.kept.glob("*.jsonl"), key=lambda one: one.stat().st_mtime)
        for old in files[:-_KEPT]:
            old.unlink(missing_ok=True)

    def _converse(self, wanted: Wanted, old: Path | None, new: Path, compared: Compared) -> None:
        if compared.talks == ():
            self._figures["conversations"] = {"of": 0, "as_before": compared.talks_of, "failed": []}
            self.out.write(f"  {compared.talks_of} 段对话听得都和原来一样，不用再考\n")
            return
        if not self.checks.can_play():
            self.out.write("  没有装考试用的包（requirements-dev.txt），跳过\n")
            return
        played = self.checks.play(new, compared.talks or ())
        before = self.checks.play(old, played.failed) if old and played.failed else None
        lost = sorted(set(played.failed) - set(before.failed if before else ()))
        left = compared.talks_of - len(compared.talks) if compared.talks is not None else 0
        self._figures["conversations"] = {
            "of": played.of,
            "as_before": left,
            "failed": list(played.failed),
        }
        self.out.write(
            f"  {played.of} 段对话，{len(played.failed)} 段没过，{len(lost)} 段原来能过"
            + (f"；另外 {left} 段听得和原来一样，不用再考" if left else "")
            + "\n"
        )
        bad = [one for one in lost if one not in wanted.accepted] if old else []
        if bad:
            raise Stopped(
                f"这些对话原来能过，现在过不了，没有发布：{'、'.join(bad)}\n"
                + f"确实要这样，加上 {' '.join(f'--accept {one}' for one in bad)}"
            )

    def _swap(self, release: int, made: Made, share: float | None) -> None:
        """Known before it is there: an open house loads only what is registered."""
        known = {"model": named(made), "model_hash": digest_of(made.path), "share": share}
        self._keep(release, figures=self._figures, **known)
        if share is None:
            place = put_in_place(made, self.models)
            self._end(release, Status.PUBLISHED, "")
            told = "开着的店几秒内换上。不对就运行 python -m bot rollback。"
        else:
            place = trials.put_beside(made, self.models)
            self._end(release, Status.TRYING, "")
            told = f"几秒内开始答 {share:.0%} 的对话。哪个好：python -m bot releases --compare。"
        self.out.write(f"发布好了：{place.name}，{told}\n")

    def _demand_trial(self) -> None:
        """Raises Refused."""
        if self._in_use() is None:
            raise Refused("还没有原来的模型，没有可比的。直接发布，不写 --share。")
        trials.demand_memory(self.left)

    @contextmanager
    def _step(self, release: int, step: str, title: str) -> Any:
        self.out.write(f"{title}…\n")
        self.out.flush()
        self._keep(release, step=step)
        began = time.monotonic()
        try:
            yield
        finally:
            seconds = time.monotonic() - began
            self._figures.setdefault("seconds", {})[step] = round(seconds, 1)
        self.out.write(f"  用了 {in_words(seconds)}\n")

    def _keep(self, release: int, **values: Any) -> None:
        self.database.run_sync(releases.change, release, **values)

    def _end(self, release: int, status: Status, why: str) -> None:
        try:
            self._keep(
                release, status=status, why=why, ended_at=self.clock(), figures=self._figures
            )
        except (DatabaseUnavailable, OSError):
            self.out.write("数据库没有应答，这次发布的结果下次打开时再记。\n")


def _why(error: BaseException) -> str:
    if isinstance(error, Failed):
        return str(error)
    return "被停下了" if isinstance(error, KeyboardInterrupt) else type(error).__name__
