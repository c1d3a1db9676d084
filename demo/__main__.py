"""Command: python -m demo OUT_DIR [--today YYYY-MM-DD]."""

import argparse
from datetime import date
from pathlib import Path

from . import grocery
from .shop import write_shop


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m demo", description="Write the demo shop's input files (.xls)."
    )
    parser.add_argument("folder", type=Path, help="folder to write to, made when missing")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=date.today(), help="default: this day"
    )
    options = parser.parse_args()
    for what, count in write_shop(options.folder, options.today, *grocery.load()).items():
        print(f"{what}: {count:,}")


if __name__ == "__main__":
    main()
