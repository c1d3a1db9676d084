"""Make `draw_engine` importable without Odoo."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "addons" / "retail_promo"))
