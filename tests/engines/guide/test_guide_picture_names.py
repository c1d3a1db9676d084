"""Which product a picture's file name means."""

import pytest
from guide_engine.picture_names import BACK, FRONT, entry_name, is_clutter, read_name


@pytest.mark.parametrize(
    ("name", "whole", "code", "side"),
    [
        ("A-17.jpg", "A-17", "A-17", ""),
        ("summer/2026/A-17.JPEG", "A-17", "A-17", ""),
        ("summer\\A-17.png", "A-17", "A-17", ""),
        ("A-17_back.jpg", "A-17_back", "A-17", BACK),
        ("A-17_背面.bmp", "A-17_背面", "A-17", BACK),
        ("A-17 _ Front.gif", "A-17 _ Front", "A-17", FRONT),
        ("6901234567892_2.png", "6901234567892_2", "6901234567892", BACK),
        ("A_17_1.png", "A_17_1", "A_17", FRONT),
        ("长裙.红.jpg", "长裙.红", "长裙.红", ""),
    ],
)
def test_pictures(name, whole, code, side):
    found = read_name(name)
    assert (found.whole, found.code, found.side) == (whole, code, side)


@pytest.mark.parametrize(
    "name", ["", ".jpg", "A-17", "A-17.pdf", "A-17.jpg.exe", "A-17.webp", "folder/ .png"]
)
def test_what_is_no_picture(name):
    assert read_name(name) is None


@pytest.mark.parametrize(
    "name", ["__MACOSX/._A.jpg", "a/.DS_Store", "Thumbs.db", "a/thumbs.db", ".hidden/A.jpg"]
)
def test_clutter(name):
    assert is_clutter(name)
    assert not is_clutter("a/A.jpg")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_in_the_encoding_of_an_old_computer(encoding):
    as_read = "A-17_背面.jpg".encode(encoding).decode("cp437")
    assert entry_name(as_read, is_utf_8=False) == "A-17_背面.jpg"


def test_names_that_are_told_to_be_utf_8_or_are_none():
    assert entry_name("背面.jpg", is_utf_8=True) == "背面.jpg"
    assert entry_name("背面.jpg", is_utf_8=False) == "背面.jpg"
    assert entry_name("\xff.jpg".encode("latin-1").decode("cp437"), is_utf_8=False)
