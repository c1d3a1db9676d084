"""Start Odoo. A script of its own: with --workers Odoo starts itself anew as sys.argv[0]."""

from odoo.cli.command import main

if __name__ == "__main__":
    main()
