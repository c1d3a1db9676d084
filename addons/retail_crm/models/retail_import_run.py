import logging
from pathlib import PurePath

from psycopg2 import InterfaceError, OperationalError

from odoo import api, fields, models
from odoo.addons.queue_job.delay import group
from odoo.exceptions import AccessError, UserError

from ..crm_engine.columns import guess_columns
from ..crm_engine.tables import TableError

_logger = logging.getLogger(__name__)

STAGED_ROWS = 5000  # per INSERT
KEPT_DAYS = 30  # how long rows without errors stay after a run


class _DryRunDone(Exception):
    """Carries the results of a batch out of the savepoint that a trial run rolls back."""

    def __init__(self, results):
        super().__init__()
        self.results = results


class RetailImportRun(models.Model):
    """One file on its way in: read, staged row by row, and imported in batches.

    Every batch is a job and a transaction of its own: a worker that is killed leaves whole
    batches done and the others waiting, and the job goes on with those. Importing the same
    file again changes nothing.
    """

    _name = "retail.import.run"
    _description = "Import"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    profile_id = fields.Many2one(
        "retail.import.profile",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('can_run', '=', True)]",
        default=lambda self: self.env["retail.import.profile"].search(
            [("can_run", "=", True)], limit=1
        ),
    )
    target = fields.Selection(related="profile_id.target")
    field_help = fields.Html(related="profile_id.field_help")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", string="Imported By", default=lambda self: self.env.user, readonly=True
    )
    file = fields.Binary(required=True, attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    error_file = fields.Binary(attachment=True, readonly=True, copy=False)
    dry_run = fields.Boolean(
        string="Trial Run", readonly=True, copy=False, help="Shows what would happen, no more."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("queued", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    message = fields.Text(readonly=True, copy=False)
    column_report = fields.Text(string="Columns", readonly=True, copy=False)
    started_at = fields.Datetime(readonly=True, copy=False)
    finished_at = fields.Datetime(readonly=True, copy=False)
    row_ids = fields.One2many("retail.import.row", "run_id", readonly=True, copy=False)
    total_count = fields.Integer(string="Rows", compute="_compute_counts")
    done_count = fields.Integer(string="Imported", compute="_compute_counts")
    unchanged_count = fields.Integer(string="Unchanged", compute="_compute_counts")
    error_count = fields.Integer(string="Errors", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", help="Percent of the rows.")

    # === COMPUTE METHODS === #

    @api.depends("file_name", "profile_id")
    def _compute_name(self):
        for run in self:
            run.name = run.file_name or run.profile_id.name or ""

    @api.depends("row_ids.state")
    def _compute_counts(self):
        groups = self.env["retail.import.row"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in groups}
        for run in self:
            done, unchanged, error, new = (
                counts.get((run._origin.id, state), 0)
                for state in ("done", "unchanged", "error", "new")
            )
            run.done_count, run.unchanged_count, run.error_count = done, unchanged, error
            run.total_count = total = done + unchanged + error + new
            run.progress = 100 * (total - new) / total if total else float(run.state == "done")

    # === ACTIONS === #

    def action_check(self):
        """Start a trial run: everything is tried and nothing is kept."""
        return self._action_start(dry_run=True)

    def action_start(self):
        """Start the import, or start it again."""
        return self._action_start(dry_run=False)

    def _action_start(self, dry_run):
        for run in self:
            run._prepare_start(dry_run)
            run.state = "queued"
            run.with_delay(
                description=self.env._("Read %(name)s", name=run.name),
                identity_key=f"retail_import_stage_{run.id}",
            )._job_stage()

    def action_resume(self):
        """Go on with the rows that wait, for example after the job runner was down."""
        for run in self.filtered(lambda run: run.state in ("queued", "running", "failed")):
            run._check_group()
            if run.row_ids:
                run.write({"state": "running", "message": False})
                run._delay_batches(run._waiting_batches())
            else:
                run._action_start(run.dry_run)

    def action_stop(self):
        """Stop: what is imported stays, the other rows keep waiting."""
        for run in self.filtered(lambda run: run.state in ("queued", "running")):
            user = self.env.user.name
            run._fail(self.env._("Stopped by %(user)s. Resume to go on.", user=user))

    def action_open_rows(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_import_row_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {"search_default_error": int(bool(self.error_count))}
        return action

    def action_download_errors(self):
        """Return the download of a workbook with the bad rows and what is wrong with each."""
        self.ensure_one()
        self.error_file = self.env["retail.import.error.file"]._render(self)
        stem = PurePath(self.file_name or "import").stem
        name = self.env._("%(file)s errors.xlsx", file=stem)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/error_file/{name}?download=true",
            "target": "self",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(run.state in ("queued", "running") for run in self):
            raise UserError(self.env._("Stop a running import before you delete it."))

    # === RUNNING === #

    def _run_now(self, dry_run=False):
        """Read and import at once, without jobs; for scripts and tests."""
        for run in self:
            run._prepare_start(dry_run)
            if run._stage_or_fail():
                for batch in run._waiting_batches():
                    run._import_waiting(batch)
                run._finish()

    def _prepare_start(self, dry_run):
        self.ensure_one()
        self._check_group()
        if self.state in ("queued", "running"):
            raise UserError(self.env._("%(name)s is running already.", name=self.name))
        self.write(
            {
                "dry_run": dry_run,
                "message": False,
                "column_report": False,
                "error_file": False,
                "user_id": self.env.user.id,
                "started_at": fields.Datetime.now(),
                "finished_at": False,
            }
        )

    def _check_group(self):
        group_name = self.profile_id._get_target()._import_group
        if not (self.env.su or self.env.user.has_group(group_name)):
            raise AccessError(
                self.env._("You may not import %(profile)s.", profile=self.profile_id.name)
            )

    def _job_stage(self):
        """Job: read the file, stage its rows, and make one job per batch."""
        if self.state != "queued" or not self._stage_or_fail():
            return
        self._delay_batches(self._waiting_batches())

    def _delay_batches(self, batches):
        """Make one job per batch, and one that ends the run when all of them are done."""
        finish = self.delayable(
            description=self.env._("End %(name)s", name=self.name)
        )._job_finish()
        if not batches:
            finish.delay()
            return
        jobs = [
            self.delayable(
                description=self.env._("Import %(name)s, part %(part)s", name=self.name, part=n),
            )._job_batch(n)
            for n in batches
        ]
        group(*jobs).on_done(finish).delay()

    def _job_batch(self, batch):
        """Job: import the rows of one batch that still wait."""
        if self.state == "running":
            self._import_waiting(batch)

    def _job_finish(self):
        """Job: end the run."""
        if self.state == "running":
            self._finish()

    def _finish(self):
        self.invalidate_recordset()
        if self._waiting_batches():
            return
        self.write({"state": "done", "finished_at": fields.Datetime.now()})

    def _fail(self, message):
        self.write({"state": "failed", "message": message, "finished_at": fields.Datetime.now()})

    def _waiting_batches(self):
        groups = self.env["retail.import.row"]._read_group(
            [("run_id", "=", self.id), ("state", "=", "new")], ["batch"]
        )
        return sorted(batch for (batch,) in groups)

    # === READING === #

    def _stage_or_fail(self):
        """Stage the rows of the file; on a file that can't be used, fail the run with why."""
        self.state = "running"
        try:
            with self.env.cr.savepoint():
                self._stage()
        except (TableError, UserError) as error:
            reader = self.env["retail.import.stager"]
            is_table = isinstance(error, TableError)
            self._fail(reader._table_message(error) if is_table else str(error))
            return False
        return True

    def _stage(self):
        rows = self.env["retail.import.row"].sudo()  # rows are written by runs, not by users
        rows.search([("run_id", "=", self.id)]).unlink()
        table = self._read_table()
        columns = self._find_columns(table.header)
        staged = []
        for row in self.env["retail.import.stager"]._stage_rows(self, table, columns):
            staged.append(row)
            if len(staged) == STAGED_ROWS:
                rows._stage(self, staged)
                staged = []
        if staged:
            rows._stage(self, staged)
        self.invalidate_recordset()

    def _read_table(self):
        """Return the file's table; raises TableError, or UserError with what is wrong."""
        return self.profile_id._get_target()._import_table(self)

    def _get_file(self):
        """Return the attachment that holds the file."""
        # Attachments of fields are for those who may read the record; a run's jobs may.
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "file"),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )

    def _find_columns(self, header):
        """Return {field: column index}; raises UserError when a required field has none."""
        specs = self.profile_id._get_target()._import_fields()
        names = {
            name: [str(spec["label"]), name, *spec.get("aliases", ())]
            for name, spec in specs.items()
        }
        columns = guess_columns(header, names, self.profile_id._get_chosen_columns())
        missing = [
            str(spec["label"])
            for name, spec in specs.items()
            if spec.get("required") and name not in columns
        ]
        if missing:
            raise UserError(
                self.env._(
                    "The file has no column for: %(missing)s.\nIts columns are: %(columns)s.\n"
                    "Name the right columns in the import profile.",
                    missing=", ".join(missing),
                    columns=", ".join(filter(None, header)),
                )
            )
        self.column_report = self._column_report(header, columns, specs)
        return columns

    def _column_report(self, header, columns, specs):
        fields_by_column = {index: str(specs[name]["label"]) for name, index in columns.items()}
        return "\n".join(
            self.env._("%(column)s: %(field)s", column=name, field=fields_by_column[index])
            if index in fields_by_column
            else self.env._("%(column)s: left out", column=name)
            for index, name in enumerate(header)
            if name
        )

    # === IMPORTING === #

    def _import_waiting(self, batch):
        """Import the rows of a batch that still wait, the bad ones apart from the good ones."""
        rows = self.env["retail.import.row"].search(
            [("run_id", "=", self.id), ("batch", "=", batch), ("state", "=", "new")]
        )
        if self.profile_id._get_target()._import_grouped:
            groups = list(rows.grouped("key").values())
        else:
            groups = list(rows)
        if groups:
            self._import_groups(groups)

    def _import_groups(self, groups):
        """Import groups of rows together; when that fails, halve them until the bad one is left."""
        rows = self.env["retail.import.row"].union(*groups)
        results, message = self._try(rows)
        if results is not None:
            missing = self.env._("The row was not handled.")
            rows._record_results({row: results.get(row, ("error", missing, False)) for row in rows})
        elif len(groups) == 1:
            rows._record_results({row: ("error", message, False) for row in rows})
        else:
            middle = len(groups) // 2
            self._import_groups(groups[:middle])
            self._import_groups(groups[middle:])

    def _try(self, rows):
        """Import rows in a savepoint; return (results, None) or (None, what went wrong)."""
        try:
            with self.env.cr.savepoint():
                results = self.profile_id._get_target()._import_batch(self, rows)
                if self.dry_run:
                    raise _DryRunDone(results)
                return results, None
        except _DryRunDone as done:
            # What the trial made is gone again: there is no record to point to.
            return {row: (*result[:2], False) for row, result in done.results.items()}, None
        except (OperationalError, InterfaceError):
            raise  # a conflict with another transaction: the job is tried again
        except UserError as error:
            return None, str(error)
        except Exception as error:  # one bad row must not keep the others out
            _logger.info("Import %s: rows set apart", self.id, exc_info=True)
            return None, self.env._("Unexpected error: %(error)s", error=error)

    # === CLEANING === #

    @api.autovacuum
    def _gc_rows(self):
        """Drop the rows without errors of runs that ended long ago."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        runs = self.search([("state", "=", "done"), ("finished_at", "<", before)])
        if runs:
            self.env.cr.execute(
                "DELETE FROM retail_import_row WHERE run_id = ANY(%s) AND state != 'error'",
                [runs.ids],
            )
