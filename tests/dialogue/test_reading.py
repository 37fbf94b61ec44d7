"""A sure line stays what it is; a line that says little is read where it stands."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.expected import Level, Row, Table
from bot.dialogue.reading import Heard, Ranking, decide, meaning_length
from bot.dialogue.weights import Weights

WEIGHTS = Weights(
    behind=1.0,
    matter=1.5,
    shop=0.5,
    sure=0.5,
    very_likely=4.0,
    likely=2.0,
    unlikely=-1.5,
    spoken=1.0,
    short=16.0,
    act=0.7,
    ask=0.1,
)
TABLE = Table(
    situations={
        "anything_else": Row(
            name="expected.yml:anything_else",
            levels={"goodbye": Level.VERY_LIKELY, "thank": Level.LIKELY},
        ),
        "told_parcel": Row(
            name="expected.yml:told_parcel",
            levels={"track_parcel": Level.VERY_LIKELY, "ask_delivery_time": Level.UNLIKELY},
        ),
    },
    matters={"return_request": Row(name="expected.yml:return_request", levels={})},
    values={"dear": Row(name="expected.yml:dear", levels={"deny": Level.VERY_LIKELY})},
)


def ranking(**chances: float) -> Ranking:
    return tuple(sorted(chances.items(), key=lambda one: -one[1]))


NO_MORE = ranking(stock_check=0.45, goodbye=0.3, deny=0.25)
AT_WHAT_HOUR = ranking(ask_delivery_time=0.4, ask_ship_time=0.3, track_parcel=0.2, affirm=0.1)


def test_without_situation_and_matter_the_line_alone_is_untouched() -> None:
    decision = decide(Heard(alone=NO_MORE, length=3), TABLE, WEIGHTS)
    assert decision.ranking is NO_MORE
    assert (decision.row, decision.behind) == ("", False)


def test_no_more_behind_anything_else_is_a_farewell_and_names_its_row() -> None:
    decision = decide(Heard(alone=NO_MORE, told=("anything_else",), length=3), TABLE, WEIGHTS)
    assert decision.ranking[0][0] == "goodbye"
    assert decision.row == "expected.yml:anything_else"
    assert not decision.behind


def test_a_sure_wish_is_not_overruled_by_what_is_usual() -> None:
    sure = ranking(stock_check=0.97, goodbye=0.02, deny=0.01)
    decision = decide(Heard(alone=sure, told=("anything_else",), length=9), TABLE, WEIGHTS)
    assert decision.ranking[0][0] == "stock_check"
    assert decision.row == ""


def test_a_half_sentence_continues_the_matter() -> None:
    behind = ranking(track_parcel=0.8, ask_delivery_time=0.15, ask_ship_time=0.04, affirm=0.01)
    heard = Heard(alone=AT_WHAT_HOUR, behind=behind, matter="track_parcel", length=3)
    decision = decide(heard, TABLE, WEIGHTS)
    assert decision.ranking[0][0] == "track_parcel"
    assert decision.behind


def test_the_longer_a_line_the_less_it_leans_on_the_last_wish() -> None:
    behind = ranking(track_parcel=0.8, ask_delivery_time=0.15, ask_ship_time=0.04, affirm=0.01)
    short = Heard(alone=AT_WHAT_HOUR, behind=behind, matter="track_parcel", length=3)
    chances = [
        dict(decide(replace(short, length=length), TABLE, WEIGHTS).ranking)["track_parcel"]
        for length in (3, 10, 40)
    ]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > chances[-1]


def test_a_courtesy_is_heard_first_whatever_the_matter() -> None:
    thanks = ranking(thank=0.9, affirm=0.06, return_request=0.04)
    behind = ranking(return_request=0.97, affirm=0.02, thank=0.01)
    heard = Heard(alone=thanks, behind=behind, matter="return_request", length=2)
    decision = decide(heard, TABLE, WEIGHTS)
    assert decision.ranking[0][0] == "thank"
    assert not decision.behind


def test_of_two_situations_the_friendlier_one_counts() -> None:
    alone = ranking(ask_delivery_time=0.4, goodbye=0.4, affirm=0.2)
    both = decide(
        Heard(alone=alone, told=("told_parcel", "anything_else"), length=4), TABLE, WEIGHTS
    )
    one = decide(Heard(alone=alone, told=("anything_else",), length=4), TABLE, WEIGHTS)
    ratios = [dict(two.ranking)["goodbye"] / dict(two.ranking)["affirm"] for two in (both, one)]
    assert abs(ratios[0] / ratios[1] - 1) < 1e-9


def test_chances_add_up_to_one_and_fall() -> None:
    decision = decide(Heard(alone=NO_MORE, told=("anything_else",), length=3), TABLE, WEIGHTS)
    chances = [chance for _, chance in decision.ranking]
    assert abs(sum(chances) - 1) < 1e-9
    assert chances == sorted(chances, reverse=True)


def test_a_line_without_words_stays_empty() -> None:
    assert decide(Heard(alone=(), told=("confirm",)), TABLE, WEIGHTS).ranking == ()


def test_a_situation_nobody_wrote_a_row_for_changes_nothing_but_the_name() -> None:
    decision = decide(Heard(alone=NO_MORE, told=("other",), length=3), TABLE, WEIGHTS)
    assert [intent for intent, _ in decision.ranking] == [intent for intent, _ in NO_MORE]
    assert decision.row == ""


def test_numbers_and_signs_carry_little_meaning() -> None:
    assert meaning_length("那几点?") == 3
    assert meaning_length("订单 2030110012345,ok") == 4


def test_what_the_line_itself_holds_counts_beside_where_it_stands() -> None:
    heard = Heard(
        alone=NO_MORE, told=("anything_else",), values=frozenset({"dear", "colour"}), length=3
    )
    decision = decide(heard, TABLE, WEIGHTS)
    assert decision.ranking[0][0] == "deny"
    assert decision.row == "expected.yml:dear"


def test_the_shop_s_own_words_tell_what_is_talked_of() -> None:
    shop = ranking(track_parcel=0.9, ask_delivery_time=0.1)
    heard = Heard(alone=AT_WHAT_HOUR, told=("other",), length=3)
    without = decide(heard, TABLE, WEIGHTS)
    there = decide(replace(heard, shop=shop), TABLE, WEIGHTS)
    assert (without.ranking[0][0], there.ranking[0][0]) == ("ask_delivery_time", "track_parcel")
    assert not there.behind


def test_where_it_is_unknown_what_the_shop_left_behind_its_words_count_nothing() -> None:
    heard = Heard(alone=AT_WHAT_HOUR, shop=ranking(track_parcel=1.0), length=3)
    assert decide(heard, TABLE, WEIGHTS).ranking is AT_WHAT_HOUR


def test_a_short_line_that_looks_sure_still_hears_the_wish_before_it() -> None:
    sure = ranking(complain=0.97, return_request=0.02, affirm=0.01)
    behind = ranking(return_request=0.99, complain=0.01)
    heard = Heard(alone=sure, behind=behind, matter="return_request", length=2)
    chances = [
        dict(decide(heard, TABLE, replace(WEIGHTS, sure=share)).ranking)["return_request"]
        for share in (0.0, 0.5, 1.0)
    ]
    assert chances == sorted(chances)
    assert chances[-1] > 0.5 > chances[0]


def test_an_intent_that_the_second_reading_does_not_name_is_as_faint_as_can_be() -> None:
    """A parse lists its likeliest ten; what is left out of it must gain nothing by that."""
    named = ranking(track_parcel=0.9, ask_ship_time=0.1)
    whole = ranking(track_parcel=0.9, ask_ship_time=0.1, ask_delivery_time=0.0, affirm=0.0)
    heard = Heard(alone=AT_WHAT_HOUR, behind=named, matter="track_parcel", length=3)
    short, long = (decide(replace(heard, behind=one), TABLE, WEIGHTS) for one in (named, whole))
    assert short.ranking == long.ranking
    assert short.ranking[0][0] == "track_parcel"


def test_what_the_table_expects_may_be_meant_where_the_line_alone_does_not_name_it() -> None:
    unsure = ranking(stock_check=0.2, ask_price=0.15, complain=0.1)
    decision = decide(Heard(alone=unsure, told=("anything_else",), length=2), TABLE, WEIGHTS)
    assert "goodbye" in dict(decision.ranking)
    assert "goodbye" not in dict(
        decide(Heard(alone=unsure, told=("other",)), TABLE, WEIGHTS).ranking
    )


def test_what_the_line_holds_counts_as_much_as_was_measured() -> None:
    heard = Heard(alone=NO_MORE, told=("other",), values=frozenset({"dear"}), length=3)
    half, whole = (
        dict(decide(heard, TABLE, replace(WEIGHTS, spoken=share)).ranking)["deny"]
        for share in (0.5, 1.0)
    )
    assert NO_MORE[2][1] < half < whole
