"""crm_engine.key_ring: what is encrypted comes back, with the right key alone."""

import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[3] / "addons" / "retail_crm"))

from crm_engine.key_ring import KeyRing, NoKey, WrongKey  # noqa: E402

OLD = Fernet.generate_key().decode()
NEW = Fernet.generate_key().decode()


@given(st.text())
def test_a_value_comes_back(value):
    ring = KeyRing(OLD)
    assert ring.decrypt(ring.encrypt(value)) == value


def test_equal_values_look_different_but_have_one_index():
    ring = KeyRing(OLD)
    # As long as a phone number is: a random key may well spell three digits in hexadecimal.
    phone = "13812345678"
    assert ring.encrypt(phone) != ring.encrypt(phone)
    assert ring.index("phone", phone) == ring.index("phone", phone)
    assert ring.index("phone", phone) != ring.index("wechat", phone)
    assert phone not in ring.index("phone", phone)


def test_a_new_key_in_front_reads_and_finds_the_old():
    old, both = KeyRing(OLD), KeyRing(f"{NEW}\n{OLD}\n")
    cipher = old.encrypt("13812345678")
    assert both.decrypt(cipher) == "13812345678"
    assert not both.is_current(cipher)
    assert both.is_current(both.encrypt("1"))
    assert old.index("phone", "1") in both.indexes("phone", "1")
    assert both.index("phone", "1") == KeyRing(NEW).index("phone", "1")


def test_the_wrong_key_reads_nothing():
    with pytest.raises(WrongKey):
        KeyRing(NEW).decrypt(KeyRing(OLD).encrypt("138"))


@pytest.mark.parametrize("text", ["", "  \n", "secret", OLD[:-4], f"{OLD} secret"])
def test_what_is_no_key(text):
    with pytest.raises(NoKey):
        KeyRing(text)
