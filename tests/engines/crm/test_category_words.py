"""Which category a text speaks of: examples, then properties over any words."""

import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "addons" / "retail_crm"))

from crm_engine.category_words import found_in, rank, split_words, suggest, terms  # noqa: E402

CATEGORIES = {"speed": ["late", "parcel", "太慢"], "quality": ["stale", "broken", "质量"]}


def test_examples():
    assert suggest("parcel late", CATEGORIES) == "speed"
    assert suggest("质量太差", CATEGORIES) == "quality"
    assert suggest("Nothing of it", CATEGORIES) is None
    assert suggest(None, CATEGORIES) is None
    assert suggest("broken", CATEGORIES, title="Late, late") == "speed", "the title counts twice"


def test_words_begin_words():
    assert found_in("late", "the latest news")
    assert not found_in("late", "a chocolate cake")
    assert found_in("慢", "太慢了")


def test_lists_as_people_type_them():
    assert split_words(" Late,delay;\n太慢，Late ,, ") == ["late", "delay", "太慢"]
    assert split_words(None) == []


WORDS = st.lists(st.text("ab太慢 ", min_size=1, max_size=4), max_size=4)


@given(st.text("ab太慢 ", max_size=30), st.dictionaries(st.integers(0, 3), WORDS, max_size=4))
def test_a_suggestion_has_a_word_of_the_text(text, raw):
    categories = {key: split_words(",".join(words)) for key, words in raw.items()}
    found = suggest(text, categories)
    hits = {key for key, words in categories.items() if any(found_in(w, text) for w in words)}
    assert found in hits if hits else found is None


ARTICLES = {1: "Can opened goods come back? 退货", 2: "When is the shop open?", 3: None}


def test_articles_that_share_words():
    assert rank("May opened goods come back?", ARTICLES) == [1]
    assert rank("我要退货", ARTICLES) == [1]
    assert rank("Is the shop open", ARTICLES)[0] == 2
    assert rank("", ARTICLES) == []
    assert rank("Where is the parcel?", ARTICLES) == [], "words that all questions have"
    assert len(rank("come open shop goods", ARTICLES, limit=1)) == 1


@given(st.text(max_size=30), st.dictionaries(st.integers(), st.text(max_size=20), max_size=5))
def test_only_articles_that_share_a_word(text, articles):
    found = rank(text, articles)
    assert all(terms(articles[one]) & terms(text) for one in found)
    assert len(found) <= 3
