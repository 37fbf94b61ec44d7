"""A transcript can be read from top to bottom."""

from __future__ import annotations

from pathlib import Path

from bench.replay.judging import judge
from bench.replay.reading import Dialogue, Facts, Line
from bench.replay.setting_up import Caller
from bench.replay.transcript import Bubble, Choice, Heard, Question, Transcript, Turn
from bench.replay.writing import write_index, write_transcript

ORDER = {"status": "paid", "created": "-2h", "lines": [{"product": "lamp", "colour": "黑色"}]}
PLAYED = Transcript(
    dialogue=Dialogue(
        code="A1",
        source="own",
        orders=(ORDER,),
        lines=(
            Line(who="buyer", text="{o}呢"),
            Line(who="seller", text="我看看\n稍等"),
            Line(who="buyer", text="叫人来"),
        ),
    ),
    caller=Caller(buyer_id="replay-A1", signed_in=True, facts=Facts(orders=("6900",))),
    turns=(
        Turn(
            line=1,
            said="6900呢",
            wish=("order_status", "track_parcel"),
            heard=(
                Heard(
                    text="6900呢",
                    intent="nlu_half_sure",
                    confidence=0.4,
                    ranking=(("order_status", 0.4), ("inform", 0.3)),
                ),
            ),
            bubbles=(
                Bubble(card={"type": "order", "number": "6900", "status_text": "已付款"}),
                Bubble(
                    text="您是想问",
                    response="utter_did_you_mean",
                    buttons=(
                        Choice(title="查我的订单", intent="order_status"),
                        Choice(title="找人工", intent="ask_human"),
                    ),
                ),
            ),
            open_after=Question(form="return_form", slot="return_reason"),
        ),
        Turn(
            line=2,
            said="叫人来",
            heard=(Heard(text="叫人来", intent="ask_human", confidence=0.98),),
            bubbles=(Bubble(text="这就请同事来", response="utter_handing_over"),),
            handed_over="asked",
        ),
    ),
)
WANTED = """\
A1 · own · a signed-in buyer
order 6900: paid, lamp 黑色, created -2h

  1 BUYER 6900呢
      ~ half sure: order_status 0.40, inform 0.30
    BOT [card order 6900 已付款]
    BOT 您是想问  (utter_did_you_mean)
        <查我的订单> <找人工>
      … return_form waits for return_reason
    ** asked back; ask-back with one real button
    ** wanted order_status or track_parcel: the first choice
    │ seller then: 我看看 / 稍等

  2 BUYER 叫人来
      ~ ask_human 0.98
    BOT 这就请同事来  (utter_handing_over)
    => HANDED OVER (asked); the desk took it and gave it back
"""


def test_a_transcript_shows_what_was_said_understood_and_done(tmp_path: Path) -> None:
    write_transcript(tmp_path, PLAYED, judge(PLAYED))
    assert (tmp_path / "A1.txt").read_text(encoding="utf-8") == WANTED


def test_the_index_has_a_line_a_dialogue_and_names_what_was_not_played(tmp_path: Path) -> None:
    write_index(tmp_path, {"A1": judge(PLAYED)}, "| table |", ["A2: no such product"])
    lines = (tmp_path / "index.txt").read_text(encoding="utf-8").splitlines()
    assert next(line.split() for line in lines if "A1" in line)[:3] == ["A1", "own", "?H"]
    assert "NOT PLAYED A2: no such product" in lines
    assert lines[-1] == "| table |"
