import json

from odoo import api, fields, models
from odoo.tools import SQL


class RetailImportRow(models.Model):
    """A row of an imported file. Rows are made and updated in bulk by SQL."""

    _name = "retail.import.row"
    _description = "Imported Row"
    _order = "run_id, line_number"
    _rec_name = "line_number"
    _log_access = False

    run_id = fields.Many2one("retail.import.run", required=True, readonly=True, ondelete="cascade")
    line_number = fields.Integer(string="Line", required=True, readonly=True, aggregator=None)
    batch = fields.Integer(readonly=True, aggregator=None)
    key = fields.Char(readonly=True)
    values = fields.Json(string="Converted Values", readonly=True)
    values_text = fields.Text(string="Values", compute="_compute_values_text")
    state = fields.Selection(
        [("new", "Waiting"), ("done", "Done"), ("unchanged", "Unchanged"), ("error", "Error")],
        required=True,
        readonly=True,
        default="new",
    )
    message = fields.Char(readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True, aggregator=None
    )

    _run_line_uniq = models.Constraint(
        "UNIQUE(run_id, line_number)", "A line is read once per import."
    )
    _run_state_idx = models.Index("(run_id, state, batch)")

    @api.depends("values")
    def _compute_values_text(self):
        """Show the values in the order in which the target names its fields."""
        for run, rows in self.grouped("run_id").items():
            names = list(run.profile_id._get_target()._import_fields())
            for row in rows:
                values = row.values or {}
                texts = [str(values[name]) for name in names if name in values]
                row.values_text = " | ".join(texts)

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _stage(self, run, rows):
        """Insert rows of a run, given as dicts of line_number, batch, key, values, state, message.

        One statement: a model's create would take minutes for a file of a hundred thousand.
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO retail_import_row
                          (run_id, line_number, batch, key, values, state, message)
                   SELECT %s, line_number, batch, key, values, state, message
                     FROM jsonb_to_recordset(%s::jsonb) AS r(line_number int, batch int,
                          key varchar, values jsonb, state varchar, message varchar)""",
                run.id,
                json.dumps(rows),
            )
        )

    def _record_results(self, results):
        """Note the results of rows: {row: (state, message, record or False)}."""
        rows = [
            {
                "id": row.id,
                "state": state,
                "message": message or None,
                "res_model": record._name if record else None,
                "res_id": record.id if record else None,
            }
            for row, (state, message, record) in results.items()
        ]
        self.env.cr.execute(
            SQL(
                """UPDATE retail_import_row row
                      SET state = r.state, message = r.message,
                          res_model = r.res_model, res_id = r.res_id
                     FROM jsonb_to_recordset(%s::jsonb) AS r(id int, state varchar,
                          message varchar, res_model varchar, res_id int)
                    WHERE row.id = r.id""",
                json.dumps(rows),
            )
        )
        self.invalidate_model(["state", "message", "res_model", "res_id"], flush=False)
