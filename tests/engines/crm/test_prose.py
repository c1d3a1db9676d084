"""crm_engine.prose: phones and mails within what people write."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "addons" / "retail_crm"))

from crm_engine.prose import (
    mask_html,
    mask_prose,
    may_name_contact,
    restore_html,
    restore_prose,
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Call 138 1234 5678 after six", "Call 138****5678 after six"),
        ("电话13812345678，谢谢", "电话138****5678，谢谢"),
        ("+86 13812345678 or jane.doe@example.com.", "+86 138****5678 or j***@example.com."),
        ("邮箱jane@x.com很好", "邮箱j***@x.com很好"),
        ("2 coats of size 42 on 2026-11-22 for 1,299.00", None),
        ("order SO20261122-004, @Li Lei please", None),
        ("", None),
    ],
)
def test_plain(text, masked):
    assert mask_prose(text, "CN") == (text if masked is None else masked)


def test_html():
    html = (
        '<p>Ring <a href="tel:+8613812345678">138-1234-5678</a> <img src="/web/13812345678"/>'
        '<a href="mailto:jane@x.com">jane@x.com</a></p>'
    )
    masked = mask_html(html, "CN")
    assert "1234" not in masked.replace("/web/13812345678", "")
    assert "jane" not in masked
    assert 'src="/web/13812345678"' in masked
    assert restore_html(masked, html, "CN") == html


def test_an_edited_text_keeps_its_numbers():
    original = "Call 13812345678, not 13811115678; or jane@x.com"
    masked = mask_prose(original, "CN")
    assert masked.count("138****5678") == 2
    edited = "Please: " + masked.replace("not", "never") + " 138****0000"
    assert restore_prose(edited, original, "CN") == (
        "Please: Call 13812345678, never 13811115678; or jane@x.com 138****0000"
    )


def test_what_a_search_may_name():
    assert may_name_contact("1%3%8")
    assert may_name_contact("jane@")
    assert not may_name_contact("size 42")
