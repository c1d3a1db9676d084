"""Make `promo_engine` importable without Odoo, and the basket generator of the parity tests."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "addons" / "retail_promo"), str(ROOT / "tests" / "parity")]
