"""Start Odoo. A script of its own: with --workers Odoo starts itself anew as sys.argv[0]."""

import sys

# The folder of this script would otherwise come before Odoo's own packages.
sys.path.pop(0)

from odoo.cli.command import main  # noqa: E402


def patient_browser() -> None:
    """Give Chromium a minute to start: a busy machine needs longer than Odoo's ten seconds."""
    from odoo.tests import common

    common.CHECK_BROWSER_ITERATIONS = 600
    common.BROWSER_WAIT = common.CHECK_BROWSER_ITERATIONS * common.CHECK_BROWSER_SLEEP


if __name__ == "__main__":
    if "--test-tags" in sys.argv:
        patient_browser()
    main()
