"""`bot new` makes files that are right but for what the trainer has to fill in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.trainer import schemas
from bot.trainer.check import Check
from bot.trainer.scaffolds import CannotMake, new_intent, new_question, registered_in
from tests.trainer.small_project import write, write_project

ROOT = Path(__file__).resolve().parents[2]
TO_FILL_IN = {"few", "tests-none-yet", "tests-few", "other-intent", "near", "unfilled"}


def wrong_in(root: Path, files: list[str]) -> list[str]:
    found = Check(root).run()
    return [str(one) for one in found if one.file in files and one.kind not in TO_FILL_IN]


def test_a_new_question_is_one_file_with_comments_and_its_test(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    files = new_question(root, "ask_gift_card", "问代写贺卡")
    assert files == ["data/nlu/questions/ask_gift_card.yml", "tests/sentences/ask_gift_card.yml"]
    assert "# " in (root / files[0]).read_text(encoding="utf-8")
    assert wrong_in(root, files) == []


@pytest.mark.parametrize("make", [new_question, new_intent])
def test_every_line_that_is_left_to_be_written_is_told_until_it_is(
    make: Callable[[Path, str, str], list[str]], tmp_path: Path
) -> None:
    root = write_project(tmp_path)
    files = [file for file in make(root, "ask_gift_card", "问代写贺卡") if file.endswith(".yml")]

    def unfilled() -> set[str]:
        return {one.file for one in Check(root).run() if one.kind == "unfilled"}

    assert {file for file in files if file.startswith(("data/nlu", "tests/sent"))} <= unfilled()
    for file in unfilled():
        text = (root / file).read_text("utf-8")
        write(root, file, text.replace("写在这里", "好").replace("（换一种问法）", "不"))
    assert unfilled() == set()


def test_a_finer_question_hangs_on_its_wish(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    files = new_question(root, "ask_invoice.where", "问发票在哪看")
    assert "faq/ask_invoice.where" in (root / files[0]).read_text(encoding="utf-8")
    assert wrong_in(root, files) == []


def test_a_new_intent_is_registered_and_its_files_agree(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    files = new_intent(root, "ask_pairing", "问搭配")
    domain = yaml.safe_load((root / "domain.yml").read_text(encoding="utf-8"))
    assert domain["intents"][-1] == "ask_pairing"
    assert "action_ask_pairing" in domain["actions"]
    compile((root / "actions/ask_pairing.py").read_text(encoding="utf-8"), "pairing", "exec")
    assert wrong_in(root, files) == []


def test_registering_keeps_every_line_of_the_real_domain() -> None:
    before = (ROOT / "domain.yml").read_text(encoding="utf-8")
    after = registered_in(before, "ask_pairing")
    added = [line for line in after.split("\n") if line not in before.split("\n")]
    assert added == ["  - ask_pairing", "  - action_ask_pairing"]
    kept = [line for line in after.split("\n") if line not in added]
    assert kept == before.split("\n")
    assert "ask_pairing" in yaml.safe_load(after)["intents"]
    assert "action_ask_pairing" in yaml.safe_load(after)["actions"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("问贺卡", "小写英文"), ("ask_physical_store", "已经有了"), ("ask_invoice", "已经登记"), ("ask_x.how", "点号前面")],
)  # fmt: skip
def test_a_name_that_cannot_be_is_told_and_nothing_is_made(
    name: str, words: str, tmp_path: Path
) -> None:
    root = write_project(tmp_path)
    before = sorted(root.rglob("*"))
    with pytest.raises(CannotMake, match=words):
        new_question(root, name, "问")
    assert sorted(root.rglob("*")) == before


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    write(root, "data/replies/ask_pairing.yml", "# 我的\n")
    with pytest.raises(CannotMake, match="已经有了"):
        new_intent(root, "ask_pairing", "问搭配")
    assert not (root / "data/nlu/ask_pairing.yml").exists()
    assert "ask_pairing" not in (root / "domain.yml").read_text(encoding="utf-8")


def test_every_file_of_ours_fits_its_schema() -> None:
    from jsonschema import Draft7Validator

    made = schemas.schemas(ROOT)
    folders = {
        "nlu.json": "data/nlu",
        "replies.json": "data/replies",
        "sentences.json": "tests/sentences",
    }
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for name, folder in folders.items():
        validator = Draft7Validator(made[name])
        for path in sorted((ROOT / folder).rglob("*.yml")):
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
            assert [error.message[:200] for error in validator.iter_errors(content)] == [], path


def test_a_misspelt_key_does_not_fit() -> None:
    from jsonschema import Draft7Validator

    nlu = Draft7Validator(schemas.schemas(ROOT)["nlu.json"])
    wrong = {"version": "3.1", "nlu": [{"intent": "问门店", "exmaples": "- 有店吗"}]}
    assert len(list(nlu.iter_errors(wrong))) >= 2


def test_the_editor_is_told_of_the_schemas_that_are_shipped() -> None:
    settings = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
    for schema, glob in settings["yaml.schemas"].items():
        assert (ROOT / schema).is_file()
        assert list(ROOT.glob(glob))
