import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import SQL

DEFAULT_RETENTION_DAYS = 730
PURGE_BATCH = 10_000  # rows
TEXT_LIMIT = 2_000  # characters of what a stranger typed, as the login of a failed login


class RetailAuditLog(models.Model):
    _name = "retail.audit.log"
    _description = "Audit Log"
    _order = "id desc"
    _rec_name = "kind"
    _log_access = False  # who and when are fields of the row itself, written once

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, index=True)
    kind = fields.Selection(
        [
            ("login", "Login"),
            ("login_failed", "Failed Login"),
            ("logout", "Logout"),
            ("change", "Member Changed"),
            ("reveal", "Contact Data Shown"),
            ("lookup", "Member Looked Up"),
            ("lookup_refused", "Lookup Refused"),
            ("export", "Export"),
            ("merge", "Merge"),
            ("delete", "Deletion"),
            ("archive", "Archiving"),
            ("unarchive", "Unarchiving"),
            ("restore", "Restoring"),
            ("erase", "Erasure"),
            ("grant", "Role Granted"),
            ("revoke", "Role Taken Away"),
            ("freeze", "Freeze"),
            ("key", "Encryption Key"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    login = fields.Char(
        readonly=True, help="Stays when the user is deleted; of a failed login: what was typed."
    )
    ip = fields.Char(string="IP Address", readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", readonly=True, aggregator=None
    )
    res_name = fields.Char(string="Record", readonly=True)
    detail = fields.Text(readonly=True)
    old_values = fields.Text(string="Before", readonly=True)
    new_values = fields.Text(string="After", readonly=True)

    _record_idx = models.Index("(res_model, res_id)")
    _user_idx = models.Index("(user_id, kind, date) WHERE user_id IS NOT NULL")

    # === APPEND ONLY === #

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The audit log can't be changed, by nobody."))

    def unlink(self):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "The audit log can't be deleted: rows leave it when they are older than the"
                " days set for it."
            )
        )

    # === WRITING === #

    @api.model
    def _log(self, kind, records=None, detail=None, old=None, new=None):
        """File what the current user did: one row per record, or one without a record.

        detail, old, new: text, or anything JSON can hold.
        """
        header = self._prepare_header(kind, detail, old, new)
        if records is None:
            rows = [header]
        else:
            rows = [
                {
                    **header,
                    "res_model": record._name,
                    "res_id": record.id,
                    "res_name": record.display_name,
                }
                # The name is filed even where the user may not read the record.
                for record in records.sudo()
            ]
        # Nobody has the right to create rows by hand.
        return self.sudo().create(rows)

    @api.model
    def _log_changes(self, changes):
        """File changes of records, one row each: [(record, old values, new values)]."""
        header = self._prepare_header("change", None, None, None)
        # Nobody has the right to create rows by hand.
        return self.sudo().create(
            [
                {
                    **header,
                    "res_model": record._name,
                    "res_id": record.id,
                    "res_name": record.display_name,
                    "old_values": _as_text(old),
                    "new_values": _as_text(new),
                }
                for record, old, new in changes
            ]
        )

    @api.model
    def _log_set(self, kind, records, detail=None):
        """File something done to many records at once in one row that lists their ids."""
        header = self._prepare_header(kind, detail, None, {"ids": records.ids})
        name = self.env._("%(count)s records", count=len(records))
        # Nobody has the right to create rows by hand.
        return self.sudo().create({**header, "res_model": records._name, "res_name": name})

    @api.model
    def _log_apart(self, kind, **values):
        """File in a transaction of its own, since this one will be rolled back.

        values: fields of the row other than the usual ones; a login may be anything that
        somebody typed who isn't known.
        """
        values = {**self._prepare_header(kind, None, None, None), **values}
        values["login"] = values["login"] and values["login"][:TEXT_LIMIT]
        with self.env.registry.cursor() as cr:
            # Nobody has the right to create rows by hand; maybe nobody is logged in.
            self.with_env(self.env(cr=cr)).sudo().create(values)

    @api.model
    def _count_recent(self, kind, minutes):
        """Return how many rows of a kind the current user caused in the last minutes.

        Until this transaction ends, the same user waits here in every other worker: of two
        tries at once, the second counts the first.
        """
        self.env.cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(hashtext(%s), %s)",
                f"{self._table}.{kind}",
                self.env.uid,
            )
        )
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        recent = [("user_id", "=", self.env.uid), ("kind", "=", kind), ("date", ">", since)]
        # Users don't read the log.
        count = self.sudo().search_count(recent)
        with self.env.registry.cursor() as cr:  # this transaction began before others ended
            return max(count, self.with_env(self.env(cr=cr)).sudo().search_count(recent))

    def _prepare_header(self, kind, detail, old, new):
        user = self.env.user
        return {
            "kind": kind,
            "user_id": user.id,
            "login": user.sudo().login,  # a user may not read the own login in every view
            "ip": request.httprequest.remote_addr if request else False,
            "detail": _as_text(detail),
            "old_values": _as_text(old),
            "new_values": _as_text(new),
        }

    @api.model
    def _forget(self, records):
        """Empty what the log holds of erased records: who did what and when stays.

        By SQL, since the ORM changes no row of the log.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE retail_audit_log
                      SET res_name = NULL, detail = NULL, old_values = NULL, new_values = NULL
                    WHERE res_model = %s AND res_id = ANY(%s)""",
                records._name,
                records.ids,
            )
        )
        self.invalidate_model(flush=False)

    # === RETENTION === #

    @api.model
    def _cron_purge(self):
        """Drop rows older than the days set, in batches: by SQL, since the ORM refuses it."""
        days = int(
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("retail_crm.audit_log_days", DEFAULT_RETENTION_DAYS)
        )
        if days <= 0:  # kept for ever
            return
        # What auditlog keeps of rights and classes grows as old as our own rows.
        self.env["auditlog.autovacuum"].sudo().autovacuum(days)
        limit = fields.Datetime.now() - timedelta(days=days)
        while self._purge_batch(limit) == PURGE_BATCH:
            if not self.env["ir.cron"]._commit_progress(PURGE_BATCH):
                break

    def _purge_batch(self, limit):
        self.env.cr.execute(
            SQL(
                """DELETE FROM retail_audit_log WHERE id IN (
                       SELECT id FROM retail_audit_log WHERE date < %s ORDER BY id LIMIT %s)""",
                limit,
                PURGE_BATCH,
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count

    def action_open_record(self):
        """Open what the row is about, when it is still there."""
        self.ensure_one()
        if not self.res_id or self.res_model not in self.env:
            raise UserError(self.env._("This row is about no single record."))
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("The record was deleted."))
        return record._get_records_action()


def _as_text(value):
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)
