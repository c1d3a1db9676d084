from odoo import models

from ..crm_engine.tables import read_table


class RetailImportTarget(models.AbstractModel):
    """What an import can fill. A target inherits this under ``retail.import.target.<name>``.

    It is offered to users once ``retail.import.profile._selection_target`` names it.
    """

    _name = "retail.import.target"
    _description = "Import Target"

    # Rows of one key belong together (the lines of an order) and come in one batch.
    _import_grouped = False
    _import_batch_size = 1000  # rows
    # Who may run it.
    _import_group = "retail_crm.group_retail_admin"

    def _import_fields(self):
        """Return {field: {"label", "required", "type", "aliases"}}.

        Types: char, float, integer, date, datetime, boolean. Labels are translated; aliases
        are further column names, in any language, that files use for the field.
        """
        return {}

    def _import_help(self):
        """Return what the file holds, for people: the names of its columns."""
        return self.env["ir.qweb"]._render(
            "retail_crm.import_field_help", {"specs": self._import_fields().values()}
        )

    def _import_table(self, run):
        """Return the table that the run's file is.

        Raises TableError, or UserError with what is wrong and what to do.
        """
        profile = run.profile_id
        content = run._get_file().raw or b""
        return read_table(content, profile.encoding or "", profile.delimiter or "")

    def _import_key(self, values):
        """Return the text by which a row is known again in a later run.

        The key is unique in a file, but for grouped targets, whose rows it holds together.
        It raises KeyError when a value that it needs is missing.
        """
        raise ValueError(f"{self._name} has no key")

    def _import_batch(self, run, rows):
        """Write a batch of rows of a run; return {row: (state, message, record)}.

        ``rows`` are ``retail.import.row`` records whose ``values`` hold converted cells: dates
        as "YYYY-MM-DD", datetimes as "YYYY-MM-DD HH:MM:SS" (a bare date where the file tells
        no time), empty cells left out. States: done, unchanged, error. It runs in a savepoint;
        when it raises, the batch is cut in two and tried again until the bad rows stand alone.
        """
        raise ValueError(f"{self._name} imports nothing")
