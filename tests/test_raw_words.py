"""Actions decide by raw words in no more places than they did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.raw_words import HELD, KEPT, counts, decisions, risen


def test_decisions_by_raw_words_only_become_fewer() -> None:
    assert risen(counts(), json.loads(KEPT.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "body",
    [
        "_A = re.compile('贵')\ndef f(text): return _A.search(text)",
        "def f(text): return re.search('x', text)",
        "_A = ('贵', '高')\ndef f(text): return any(one in text for one in _A)",
        "_A = ('贵', '高')\ndef f(text): return text in _A",
        "def f(text): return '贵' in text",
        "def f(text): return text.startswith('贵')",
        "def f(text): return text == '男'",
        "_A = ('贵',)\n_B = ('高',)\ndef f(text): return any(one in text for one in (*_A, *_B))",
    ],
)
def test_each_way_to_test_words_counts_once(body: str) -> None:
    assert len(decisions(f"import re\n{body}\n", Path("some.py"))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "def f(chat): chat.hand_over('bulk', '想买3件')",
        "_A = ('measures', 'size')\ndef f(name): return name in _A",
        "def f(turn): return turn.has('cue')",
        "_NAMES = {'男': 'men'}\ndef f(value): return _NAMES.get(value)",
    ],
)
def test_what_tests_no_words_does_not_count(body: str) -> None:
    assert decisions(f"import re\n{body}\n", Path("some.py")) == []


def test_one_more_is_told_with_its_remedy() -> None:
    kept = dict.fromkeys(HELD, 3)
    now = {**kept, HELD[0]: 4}
    (told,) = risen(now, kept)
    assert HELD[0] in told
    assert "data/patterns/entities" in told
