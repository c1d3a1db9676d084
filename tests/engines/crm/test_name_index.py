"""Names by their letters: pinyin, initials in each reading, other scripts, signs."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[3] / "addons" / "retail_crm"))

from crm_engine.name_index import MAX_READINGS, name_index, usual_initials  # noqa: E402


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("王芳", ["wf", "wangfang"]),
        ("Grace Miller", ["gm"]),
        ("欧阳 Grace", ["oyg", "ouyanggrace"]),
        ('李🙂"明"', ["lm", "liming"]),
        ("O'Brien", ["ob"]),
        ("吕布", ["lb", "lvbu"]),
    ],
)
def test_words_of_a_name(name, words):
    assert set(words) <= set(name_index(name).split())


@pytest.mark.parametrize(("name", "initials"), [("曾国", ("zg", "cg")), ("单明", ("sm", "dm"))])
def test_every_reading_of_a_character(name, initials):
    assert set(initials) <= set(name_index(name).split())


@pytest.mark.parametrize("name", ["", None, "🙂", '"" --', "   "])
def test_a_name_without_letters(name):
    assert name_index(name) == ""


@given(st.text(max_size=200))
def test_any_text_gives_few_short_words(name):
    words = name_index(name).split(" ")
    assert len(words) <= MAX_READINGS + 2
    assert "%" not in "".join(words)


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("长裙", "cq"),
        ("長褲", "ck"),
        ("重庆火锅底料", "cqhgdl"),
        ("Red 茶 500ml", "rc5"),
        ("王 & 王", "ww"),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_usual_initials(name, initials):
    assert usual_initials(name) == initials
    assert not initials or initials in name_index(name).split()
