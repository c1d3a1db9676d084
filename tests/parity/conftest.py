"""Make the engine and this folder's helpers importable."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "addons" / "retail_promo"), str(HERE)]
