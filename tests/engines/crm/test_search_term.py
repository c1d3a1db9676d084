"""What a typed term can be: phones in any format, last digits, quotes, letters."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "addons" / "retail_crm"))

from crm_engine.search_term import parse  # noqa: E402


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("138 1234 5678", "13812345678"),
        ("+86-138-1234-5678", "8613812345678"),
        ("0086 138 1234 5678", "008613812345678"),
        ("(021) 6231 4455", "02162314455"),
        ("１３８１２３４５６７８", "13812345678"),
        ("tel: 13812345678", "13812345678"),
    ],
)
def test_numbers(typed, digits):
    term = parse(typed)
    assert term.digits == digits
    assert term.is_number
    assert not term.is_last_digits


def test_four_digits_are_the_last_ones():
    assert parse("8000").is_last_digits
    assert not parse("80 00").is_last_digits
    assert not parse("800").is_last_digits


@pytest.mark.parametrize("typed", ["12345", "138123", "12a4", "138-ask"])
def test_neither_last_digits_nor_a_number(typed):
    term = parse(typed)
    assert not term.is_number
    assert not term.is_last_digits


@pytest.mark.parametrize("typed", ['"Li"', "“Li”", "「Li」", "'Li'"])
def test_quotes_mean_exactly(typed):
    assert parse(typed).exact
    assert parse(typed).text == "Li"


@pytest.mark.parametrize("typed", ['"', '""', "Li", '"Li', "", None, "  "])
def test_what_is_no_quote(typed):
    assert not parse(typed).exact


def test_letters():
    assert parse("WF").letters == "wf"
    assert parse("wang fang").letters == "wangfang"
    assert parse("xi'an").letters == "xian"
    assert parse("w").letters == ""
    assert parse("王f").letters == ""
