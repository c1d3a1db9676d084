"""Paths: the engine is imported as in a shop without Odoo, the converter from the checkout."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
for folder in (ROOT, ROOT / "addons" / "retail_guide"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
