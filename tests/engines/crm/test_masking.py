"""crm_engine.masking: what is left of contact data."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[3] / "addons" / "retail_crm"))

from crm_engine.masking import is_masked, mask_email, mask_phone, mask_text


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138****1234"),
        ("+86 138 1234 1234", "+86 138****1234"),
        ("+8613812341234", "+86 138****1234"),
        ("008613812341234", "008****1234"),
        ("021-6233 4455", "021****4455"),
        ("6233445", "****45"),
        ("110", "****"),
        ("ext. five", "****"),
    ],
)
def test_phones(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("mail", "masked"),
    [
        ("jane@x.com", "j***@x.com"),
        ('"Jane Doe" <jane@x.com>', '"Jane Doe" <j***@x.com>'),
        ("jane@x.com, j.doe@y.org", "j***@x.com, j***@y.org"),
        ("no mail at all", "no***"),
    ],
)
def test_mails(mail, masked):
    assert mask_email(mail) == masked


def test_texts():
    assert mask_text("南京西路100号") == "南京***"
    assert mask_text("A 1") == "***"


@given(st.text(min_size=1))
def test_a_masked_value_is_known_for_one(text):
    for masked in (mask_phone(text), mask_email(text), mask_text(text)):
        assert is_masked(masked)
    assert not is_masked(None)
