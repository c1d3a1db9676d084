import base64
import io
from datetime import datetime

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

from odoo import models

from ..crm_engine.tables import TableError


class RetailImportErrorFile(models.AbstractModel):
    """Makes the workbook of a run's bad rows: mended, it can be imported as it is."""

    _name = "retail.import.error.file"
    _description = "Import: Rows with Errors"

    def _render(self, run):
        """Return the .xlsx in base64: the file's own columns, then line and reason.

        Columns of these names that an earlier such workbook brought are replaced.
        """
        errors = {
            row.line_number: row.message
            for row in run.row_ids.search([("run_id", "=", run.id), ("state", "=", "error")])
        }
        try:
            table = run._read_table()
        except TableError:
            header, rows = [], []
        else:
            header, rows = table.header, table.rows
        added = [self.env._("Line in the File"), self.env._("What Is Wrong")]
        kept = [index for index, name in enumerate(header) if name not in added]
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(self.env._("Errors"))
        sheet.append([*(header[index] for index in kept), *added])
        for line, cells in rows:
            if line in errors:
                own = [_writable(sheet, cells[index]) for index in kept]
                sheet.append([*own, line, _writable(sheet, errors[line])])
        stream = io.BytesIO()
        book.save(stream)
        return base64.b64encode(stream.getvalue())


def _writable(sheet, value):
    """Return a cell as the workbook takes it; text stays text, also what looks like a formula."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell
