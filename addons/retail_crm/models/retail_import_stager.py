from datetime import date, datetime

from odoo import fields, models

from ..crm_engine import cells


class RetailImportStager(models.AbstractModel):
    """Turns the rows of a table into staged rows: converted cells, keys, batches, errors."""

    _name = "retail.import.stager"
    _description = "Import: Reading of Rows"

    def _stage_rows(self, run, table, columns):
        """Yield a dict per row as ``retail.import.row._stage`` takes it.

        ``columns`` is {field: column index}.
        """
        target = run.profile_id._get_target()
        rows = self._read_rows(run, table, columns, target)
        if target._import_grouped:
            rows = self._hold_together(list(rows))
        else:
            rows = self._refuse_repeats(rows)
        return self._in_batches(rows, target)

    def _read_rows(self, run, table, columns, target):
        readers = self._readers(run, columns, target._import_fields())
        for line, row in table.rows:
            values, errors = self._read_row(row, readers)
            yield {
                "line_number": line,
                "key": self._key(target, values, errors),
                "values": values,
                "state": "error" if errors else "new",
                "message": " ".join(errors) or None,
            }

    def _key(self, target, values, errors):
        """Return the row's key; of a bad row only where the key itself could be read."""
        try:
            return target._import_key(values)
        except KeyError:
            if errors:
                return None
            raise

    def _readers(self, run, columns, specs):
        """Return (field, column index, label, required, convert) for each column in use."""
        day_first = {"dmy": True, "mdy": False}.get(run.profile_id.date_order)
        converters = {
            "char": cells.as_text,
            "float": cells.as_number,
            "integer": cells.as_number,
            "boolean": cells.as_boolean,
            "date": lambda cell: cells.as_date(cell, day_first),
            "datetime": lambda cell: cells.as_datetime(cell, day_first),
        }
        return [
            (
                name,
                index,
                str(specs[name]["label"]),
                specs[name].get("required"),
                converters[specs[name]["type"]],
            )
            for name, index in columns.items()
        ]

    def _read_row(self, row, readers):
        values, errors = {}, []
        for name, index, label, required, convert in readers:
            try:
                value = convert(row[index])
            except cells.CellError as error:
                errors.append(self._cell_message(error, label))
                continue
            if value is not None:
                values[name] = _as_json(value)
            elif required:
                errors.append(self.env._("%(field)s is empty.", field=label))
        return values, errors

    def _refuse_repeats(self, rows):
        """Pass the rows on; a key that came before makes the row an error."""
        lines = {}
        for row in rows:
            first = lines.setdefault(row["key"], row["line_number"])
            repeated = row["key"] is not None and first != row["line_number"]
            if repeated and row["state"] == "new":
                row["state"] = "error"
                row["message"] = self.env._("The same row stands on line %(line)s.", line=first)
            yield row

    def _hold_together(self, rows):
        """Refuse all rows of a key of which one has an error: nothing is imported by half."""
        bad = {}
        for row in rows:
            if row["state"] == "error" and row["key"] is not None:
                bad.setdefault(row["key"], row["line_number"])
        for row in rows:
            if row["state"] == "new" and row["key"] in bad:
                row["state"] = "error"
                row["message"] = self.env._(
                    "Line %(line)s of the same document has an error.", line=bad[row["key"]]
                )
        return rows

    def _in_batches(self, rows, target):
        """Give each row the number of its batch; rows of one key share it."""
        batch_of_key, batch, size = {}, 1, 0
        for row in rows:
            if target._import_grouped and row["key"] in batch_of_key:
                row["batch"] = batch_of_key[row["key"]]
            else:
                if size >= target._import_batch_size:
                    batch, size = batch + 1, 0
                row["batch"] = batch_of_key[row["key"]] = batch
            size += 1
            yield row

    # === MESSAGES === #

    def _cell_message(self, error, label):
        """Return what is wrong with a cell, for people."""
        messages = {
            cells.NUMBER: self.env._("%(field)s: “%(value)s” is no number."),
            cells.DATE: self.env._(
                "%(field)s: “%(value)s” is no date that can be told for sure; write 2025-01-31."
            ),
            cells.BOOLEAN: self.env._("%(field)s: “%(value)s” is neither yes nor no."),
            cells.ERROR_VALUE: self.env._("%(field)s: the cell holds the error %(value)s."),
        }
        return messages[error.code] % {"field": label, "value": error.text[:80]}

    def _table_message(self, error):
        """Return what is wrong with a file and what to do, for people."""
        messages = {
            "empty": self.env._("The file is empty: it has no rows below a line of column names."),
            "html": self.env._(
                "The file is a web page (HTML) with the name of a workbook. Open it in Excel "
                "and save it as .xlsx."
            ),
            "xml": self.env._(
                "The file is an XML table with the name of a workbook. Open it in Excel and "
                "save it as .xlsx."
            ),
            "no_header": self.env._(
                "The first line holds values, not column names: %(detail)s. Put the names of "
                "the columns above the rows.",
                detail=error.detail,
            ),
            "duplicate_header": self.env._(
                "Two columns are called %(detail)s. Give each column its own name.",
                detail=error.detail,
            ),
            "encoding": self.env._(
                "The text of the file can't be read: its encoding is not the expected one. "
                "Save it as UTF-8, or choose the encoding in the import profile."
            ),
            "password": self.env._("The file is protected by a password. Save it without one."),
            "damaged": self.env._(
                "The file is damaged and can't be read (%(detail)s). Save or export it again.",
                detail=error.detail,
            ),
            "merged": self.env._(
                "The file has merged cells down to line %(detail)s: only one of them holds the "
                "value. Undo the merging, fill every cell, and save again.",
                detail=error.detail,
            ),
            "formula": self.env._(
                "Cell %(detail)s holds a formula without a result. Open the file in Excel and "
                "save it, or paste the values.",
                detail=error.detail,
            ),
            "too_large": self.env._("The file is too large. Split it into smaller ones."),
        }
        unknown = self.env._("The file is no table: .xls, .xlsx and .csv can be imported.")
        return messages.get(error.code, unknown)


def _as_json(value):
    """Return a cell's value as JSON can hold it."""
    if isinstance(value, datetime):
        return fields.Datetime.to_string(value)
    return fields.Date.to_string(value) if isinstance(value, date) else value
