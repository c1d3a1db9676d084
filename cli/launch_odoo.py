"""Start Odoo. A script of its own: with --workers Odoo starts itself anew as sys.argv[0]."""

import sys

# The folder of this script would otherwise come before Odoo's own packages.
sys.path.pop(0)

from odoo.cli.command import main  # noqa: E402

if __name__ == "__main__":
    main()
