"""Two at once, a crash, a full disk, a model cut off, a file edited meanwhile: the old model answers."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot.engine.loading import ModelUnusable, load_newest
from bot.publishing import releases, snapshot
from bot.publishing.going_on import goes_on, settle
from bot.publishing.publishing import Stopped
from bot.publishing.registry import Registry, Unregistered
from bot.publishing.releases import Status
from bot.training.kinds import Kind
from bot.training.made_here import FILE, note_made
from bot.training.refusals import Refused
from bot.training.trainer import Command, Failed
from tests.publishing.project import LINES, MODEL, NEW, NOW, OLD, Project, script
from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
SLOW = (
    "flag = pathlib.Path({folder!r})\n"
    "(flag / 'begun').touch()\n"
    "while not (flag / 'may_end').exists(): time.sleep(0.02)\n"
)


def slow(project: Project) -> str:
    return SLOW.format(folder=str(project.root)) + MODEL


def until(path: Path) -> None:
    for _ in range(6000):
        if path.exists():
            return
        time.sleep(0.02)
    raise AssertionError(f"{path} did not come")


def second_publish(project: Project) -> list[BaseException]:
    """What the second of two publishers is told."""
    first = threading.Thread(target=project.publish, args=(script(slow(project)),), daemon=True)
    first.start()
    until(project.root / "begun")
    told: list[BaseException] = []
    try:
        Project(project.root).publish()
    except Refused as error:
        told.append(error)
    (project.root / "may_end").touch()
    first.join(PATIENCE_S)
    return told


def test_the_second_of_two_publishers_is_told_to_wait(project: Project) -> None:
    told = second_publish(project)
    assert [str(one) for one in told] == ["另一次训练正在进行，等它做完再来。"]
    rows = project.database.read_sync(releases.newest)
    assert [one.status for one in rows] == [Status.PUBLISHED]


def test_without_the_lock_both_would_go_on(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    assert second_publish(project) == []


CHILD = """
import sys
from pathlib import Path
from tests.publishing.project import Project, script
import bot.publishing.publishing as publishing
project = Project(Path(sys.argv[1]))
{before}
project.publish(script({body!r}))
"""
AFTER_THE_SWAP = """
import os
whole = publishing.put_in_place
def then_dies(made, models):
    whole(made, models)
    os._exit(9)
publishing.put_in_place = then_dies
"""


def child(project: Project, body: str, before: str = "") -> subprocess.Popen[bytes]:
    code = CHILD.format(before=before, body=body)
    return subprocess.Popen(
        [sys.executable, "-c", code, str(project.root)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_one_killed_in_mid_training_changes_nothing_and_the_next_one_goes_through(
    project: Project,
) -> None:
    killed = child(project, slow(project))
    until(project.root / "begun")
    assert goes_on(project.models)
    killed.send_signal(signal.SIGKILL)
    killed.wait(PATIENCE_S)
    assert project.in_use == OLD
    assert project.release().status is Status.RUNNING
    (project.root / "may_end").touch()
    for _ in range(6000):  # the training itself ends with its flag
        if not goes_on(project.models):
            break
        time.sleep(0.02)
    settle(project.database, project.models, lambda: NOW)
    assert (project.release().status, "断了" in project.release().why) == (Status.FAILED, True)
    project.publish()
    assert project.in_use == NEW
    assert not list(project.models.glob(".training-*"))


def test_one_killed_right_after_the_swap_counts_as_published(project: Project) -> None:
    assert child(project, MODEL, AFTER_THE_SWAP).wait(PATIENCE_S) == 9
    assert project.release().status is Status.RUNNING
    settle(project.database, project.models, lambda: NOW)
    assert project.release().status is Status.PUBLISHED
    assert project.in_use == NEW


DIES_WRITING = """
import os
def halfway(made, models):
    whole = made.path.read_bytes()
    {half}
    os._exit(9)
publishing.put_in_place = halfway
"""


def test_one_killed_while_it_puts_the_model_in_place_leaves_the_old_one(project: Project) -> None:
    half = "made.path.write_bytes(whole[:5])"  # beside: a name is all that is moved into place
    assert child(project, MODEL, DIES_WRITING.format(half=half)).wait(60) == 9
    assert project.in_use == OLD
    settle(project.database, project.models, lambda: NOW)
    assert project.release().status is Status.FAILED


def test_written_in_place_it_would_leave_half_a_model_in_use(project: Project) -> None:
    half = "(models / made.path.name).write_bytes(whole[:5])"
    assert child(project, MODEL, DIES_WRITING.format(half=half)).wait(60) == 9
    assert project.in_use == NEW and len((project.models / NEW).read_bytes()) == 5
    settle(project.database, project.models, lambda: NOW)
    assert project.release().status is Status.FAILED  # and the registry does not let it in
    with pytest.raises(Unregistered):
        Registry(project.database, lambda: NOW).demand(project.models / NEW)


def writing_to(device: str) -> Command:
    return script(f"open({device!r}, 'w').write('x' * 100000)\n" + MODEL)


def test_a_disk_that_fills_up_while_training_leaves_the_old_model(project: Project) -> None:
    with pytest.raises(Failed, match="没有动"):
        project.publish(writing_to("/dev/full"))
    assert project.in_use == OLD
    assert project.release().status is Status.FAILED


def test_with_room_on_the_disk_the_same_training_is_published(project: Project) -> None:
    project.publish(writing_to("/dev/null"))
    assert project.in_use == NEW


def test_too_little_room_is_told_before_anything_begins(project: Project) -> None:
    from bot.publishing.wanted import Wanted

    publishing = project.publishing(free_bytes=lambda path: 50 << 20)
    with pytest.raises(Refused, match="磁盘只剩 50 MB"):
        publishing.publish(Wanted(by="小林"))
    assert (project.release().status, project.release().step) == (Status.STOPPED, "")
    assert "磁盘" in project.release().why
    project.publishing(free_bytes=lambda path: 50 << 30).publish(Wanted(by="小林"))
    assert project.in_use == NEW


def test_where_the_differences_cannot_be_written_nothing_is_swapped(project: Project) -> None:
    project.write("var", "a file, and no folder")
    with pytest.raises(Failed, match="写不了"):
        project.publish()
    assert project.in_use == OLD


def load(registry: Registry | None):  # type: ignore[no-untyped-def]
    def of(path: Path) -> str:
        if registry is not None:
            registry.demand(path)
        return path.name

    return of


def test_a_model_that_was_cut_off_is_not_loaded_and_the_one_before_is(project: Project) -> None:
    registry = Registry(project.database, lambda: NOW)
    registry.demand(project.models / OLD)
    project.write(LINES, "version: '3.1'\n# more than a few bytes\n")
    project.publish()
    whole = (project.models / NEW).read_bytes()
    assert load_newest(project.models, load(registry)) == NEW
    (project.models / NEW).write_bytes(whole[:5])
    assert load_newest(project.models, load(registry)) == OLD
    assert load_newest(project.models, load(None)) == NEW  # were the registry not asked


def test_a_strangers_model_is_loaded_only_once_somebody_answers_for_it(project: Project) -> None:
    registry = Registry(project.database, lambda: NOW)
    registry.demand(project.models / OLD)  # the first one of a new shop
    stranger = project.models / "20280101-stranger.tar.gz"
    stranger.write_bytes(b"from elsewhere")
    with pytest.raises(Unregistered, match="--accept"):
        registry.demand(stranger)
    with pytest.raises(ModelUnusable, match="没有登记"):
        load_newest(stranger, load(registry))
    registry.accept(stranger, by="店主")
    registry.demand(stranger)
    assert project.release().by == "店主"


def test_what_was_trained_here_is_known_to_every_shop_of_the_folder(project: Project) -> None:
    registry = Registry(project.database, lambda: NOW)
    registry.demand(project.models / OLD)
    trained = project.models / NEW
    trained.write_bytes(b"new")
    note_made(project.models, trained, Kind.FULL)
    registry.demand(trained)
    assert project.release().status is Status.REGISTERED
    (project.models / FILE).write_text("{cut off", "utf-8")
    other = Project(project.root / "other")
    Registry(other.database, lambda: NOW).demand(other.models / OLD)
    (other.models / FILE).write_text("{cut off", "utf-8")
    (other.models / NEW).write_bytes(b"new")
    with pytest.raises(Unregistered):
        Registry(other.database, lambda: NOW).demand(other.models / NEW)


def test_what_is_edited_while_it_trains_waits_for_the_next_publish(project: Project) -> None:
    editing = script(
        f"there = pathlib.Path({str(project.root / LINES)!r})\n"
        "there.write_text('edited by hand')\n" + MODEL
    )
    project.publish(editing)
    assert (project.models / NEW).read_text() == "version: '3.1'\n"  # what was checked
    assert f"{LINES} 在发布开始后又改过" in project.said
    assert (project.root / LINES).read_text() == "edited by hand"


def test_without_the_copy_it_would_train_on_what_nobody_has_checked(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "copy", lambda root, place: place.symlink_to(root))
    project.publish(
        script(f"pathlib.Path({str(project.root / LINES)!r}).write_text('by hand')\n" + MODEL)
    )
    assert (project.models / NEW).read_text() == "by hand"


def test_a_file_saved_while_it_is_checked_is_checked_again(project: Project) -> None:
    looked = []

    def look() -> list[str]:
        looked.append(1)
        if len(looked) == 1:
            project.write(LINES, "version: '3.1'\n# saved\n")
        return []

    project.checks.wrong = look
    project.publish()
    assert len(looked) == 2
    assert "# saved" in (project.models / NEW).read_text()


def test_files_that_never_come_to_rest_are_not_published(project: Project) -> None:
    looked = []

    def look() -> list[str]:
        looked.append(1)
        project.write(LINES, f"version: '3.1'\n# {len(looked)}\n")
        return []

    project.checks.wrong = look
    with pytest.raises(Stopped, match="一直有人在改"):
        project.publish()
    assert project.in_use == OLD
