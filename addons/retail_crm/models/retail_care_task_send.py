"""Messages of care that the system sends: each one once, whatever happens to the worker.

A message is claimed (``sending``) in a transaction of its own before it goes out, and marked in
the next one. Whoever finds a claim without a worker doesn't know whether that one message was
taken by the mail server: it is not sent again by itself, it is shown as failed for somebody to
decide. So a killed worker sends none twice and loses none.
"""

import logging
from contextlib import contextmanager
from datetime import timedelta
from smtplib import SMTPServerDisconnected

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..crm_engine.send_window import next_open

_logger = logging.getLogger(__name__)

LOCK = SQL("FOR UPDATE SKIP LOCKED")
JOB_MESSAGES = 500  # sent by one job; the next one is queued behind it
RETRY_MINUTES = 15  # until the second try; each further one waits four times as long
CLAIM_MINUTES = 2  # a claim that nobody holds any more is given up after so long
# Trying again changes nothing about these.
LASTING_FAILURES = {
    "mail_email_invalid",
    "mail_email_missing",
    "mail_from_invalid",
    "mail_from_missing",
    "sms_number_missing",
    "sms_number_format",
    "sms_country_not_supported",
    "sms_registration_needed",
    "sms_blacklist",
    "sms_optout",
}


class RetailCareTask(models.Model):
    _inherit = "retail.care.task"

    send_at = fields.Datetime(
        string="To Be Sent",
        readonly=True,
        copy=False,
        help="Not before; within the hours of the plan by the clock of the member's store.",
    )
    sending_since = fields.Datetime(readonly=True, copy=False)
    sent_at = fields.Datetime(string="Sent On", readonly=True, copy=False)
    failure = fields.Char(
        readonly=True, copy=False, help="What went wrong with the last try to send it."
    )

    # === JOBS === #

    @api.model
    def _cron_send(self):
        """Queue a job when messages are due, or were left by a worker that is gone."""
        if self._due_ids(limit=1) or self._claimed_ids(self._claims_until()):
            self._enqueue_send()

    @api.model
    def _enqueue_send(self, step=0):
        self.with_delay(
            description=self.env._("Care: send messages"),
            identity_key=f"retail_care_send_{step}",
        )._job_send(step)

    @api.model
    def _job_send(self, step=0):
        """Job: send what is due; the next job goes on after many messages."""
        with self._own_transaction() as tasks:
            tasks._give_up_interrupted()
        for _count in range(JOB_MESSAGES):
            with self._own_transaction() as tasks:
                claimed = tasks._claim_next().ids
            if not claimed:
                return
            with self._own_transaction() as tasks:
                tasks.browse(claimed)._send_claimed()
        self._enqueue_send(step + 1)

    @contextmanager
    def _own_transaction(self):
        """Give the model in a transaction that is committed at the end: what went out can't be
        taken back, whatever becomes of the job."""
        if modules.module.current_test:
            yield self
            return
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr))

    # === CLAIMING === #

    @api.model
    def _due_ids(self, limit, locked=False):
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM retail_care_task WHERE state = 'planned' AND send_at <= %s"
                " ORDER BY send_at, id LIMIT %s %s",
                fields.Datetime.now(),
                limit,
                LOCK if locked else SQL(),
            )
        )
        return [task_id for (task_id,) in rows]

    @api.model
    def _claim_next(self):
        """Claim the next message that is due and may go out; return it, none at the end."""
        while ids := self._due_ids(1, locked=True):
            task = self.browse(ids)
            task.invalidate_recordset()
            if task._claim():
                return task
        return self.browse()

    def _claim(self):
        """Claim a message unless it mustn't go out any more, or not now; return whether."""
        closed = self._closed_reason()
        if closed:
            self._cancel(closed)
            return False
        plan, now = self.plan_id, fields.Datetime.now()
        tz = self.store_id._get_retail_tz(self.company_id)
        opens = next_open(now, tz, plan.from_hour, plan.to_hour)
        if opens > now:
            self.send_at = opens
            return False
        self.write({"state": "sending", "sending_since": now})
        return True

    def _closed_reason(self):
        """Return why the member may not get the message any more; None when all is well."""
        if not self.plan_id:
            return self.env._("The line of the plan that it was made by is gone.")
        closed = self.plan_id._closed_to(self.partner_id)
        if closed in (None, "no_template"):  # a missing template is a failure, not a wish
            return None
        reasons = self.env["retail.care.held"]._fields["reason"]
        return dict(reasons._description_selection(self.env))[closed]

    @api.model
    def _claimed_ids(self, before, locked=False):
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM retail_care_task WHERE state = 'sending' AND sending_since < %s"
                " ORDER BY id %s",
                before,
                LOCK if locked else SQL(),
            )
        )
        return [task_id for (task_id,) in rows]

    @api.model
    def _claims_until(self):
        return fields.Datetime.now() - timedelta(minutes=CLAIM_MINUTES)

    @api.model
    def _give_up_interrupted(self):
        """Show messages whose worker is gone: whoever sends one holds its row."""
        ids = self._claimed_ids(self._claims_until(), locked=True)
        tasks = self.browse(ids)
        tasks.invalidate_recordset()
        for task in tasks:
            task._fail(task._interrupted_text())

    def _interrupted_text(self):
        return self.env._(
            "Interrupted while it was being sent: nobody knows whether it went out. Send it again "
            "if the member didn't get it, else mark it as sent."
        )

    # === SENDING === #

    def _send_claimed(self):
        """Send a claimed message and mark what came of it."""
        self.flush_model()
        held = self.env.execute_query(
            SQL(
                "SELECT 1 FROM retail_care_task WHERE id = %s AND state = 'sending' %s",
                self.id,
                LOCK,
            )
        )
        if held:
            done, failure, again = self._deliver_or_fail()
            if done:
                self.write({"state": "sent", "sent_at": fields.Datetime.now(), "failure": False})
            elif again and self.tries + 1 < self._max_tries():
                self._plan_next_try(failure)
            else:
                self._fail(failure)

    def _plan_next_try(self, failure):
        wait = timedelta(minutes=RETRY_MINUTES * 4**self.tries)
        self.write(
            {
                "state": "planned",
                "tries": self.tries + 1,
                "send_at": fields.Datetime.now() + wait,
                "failure": failure,
            }
        )

    def _fail(self, failure):
        self.write({"state": "failed", "tries": self.tries + 1, "failure": failure})

    def _deliver_or_fail(self):
        """Return (sent, what went wrong, whether to try again)."""
        try:
            with self.env.cr.savepoint():
                return self._deliver()
        except SMTPServerDisconnected:
            return False, self._interrupted_text(), False
        except Exception as error:  # a template that can't be rendered stops this message only
            _logger.info("Care task %s: not sent", self.id, exc_info=True)
            return False, str(error)[:500], False

    def _deliver(self):
        """Send the message now; return (sent, what went wrong, whether to try again)."""
        self.ensure_one()
        if self.plan_id._lacks_template():
            return False, self.env._("The template is gone: choose another in the plan."), False
        return getattr(self.with_company(self.company_id), f"_deliver_{self.form}")()

    def _deliver_mail(self):
        return self._send_template(self.plan_id.mail_template_id)

    def _send_template(self, template):
        """Mail a template about this task to its member, and to nobody else."""
        mail = template.send_mail_batch(
            self.ids,
            email_values={
                "recipient_ids": [Command.set(self.partner_id.ids)],
                "email_to": False,
                "email_cc": False,
                "auto_delete": False,
            },
        )
        mail.send()
        if mail.state == "sent":
            return True, False, False
        failure = mail.failure_reason or self.env._("The mail server took nothing.")
        lasting = mail.failure_type in LASTING_FAILURES
        mail.unlink()  # the next try makes it anew; what went wrong stands on the task
        return False, failure, not lasting

    def _deliver_sms(self):
        partner = self.partner_id
        body = self.plan_id.sms_template_id._render_field("body", self.ids, compute_lang=True)
        sms = self.env["sms.sms"].create(
            {
                "number": partner.phone_sanitized or partner.phone,
                "body": body[self.id],
                "partner_id": partner.id,
            }
        )
        sms.send(unlink_failed=False, unlink_sent=False)
        if sms.state in ("process", "pending", "sent"):
            self._message_log(body=body[self.id])
            return True, False, False
        labels = dict(sms._fields["failure_type"]._description_selection(self.env))
        lasting = sms.failure_type in LASTING_FAILURES
        return False, labels.get(sms.failure_type) or sms.state, not lasting

    @api.model
    def _new_trial(self, plan, partner):
        """Return a task as the plan would make it, for a trial."""
        return self.create(
            {
                "strategy_id": plan.strategy_id.id,
                "company_id": plan.company_id.id,
                "plan_id": plan.id,
                "partner_id": partner.id,
                "user_id": False,
                "store_id": False,
                "form": plan.form,
                "occasion": "trial",
                "event_day": fields.Date.context_today(self),
            }
        )

    # === BOUNCES === #

    def _message_receive_bounce(self, email, partner):
        """A mail that came back has failed: it isn't sent again by itself, and costs nothing."""
        received = super()._message_receive_bounce(email, partner)
        for task in self.filtered(lambda task: task.state == "sent" and task.form == "mail"):
            task._fail(
                self.env._(
                    "The mail came back: %(address)s takes none. Correct the address before you "
                    "send it again.",
                    address=email,
                )
            )
        return received

    # === BUTTONS === #

    def action_send_again(self):
        """Plan failed messages anew; their tries count from the beginning."""
        self._check_failed()
        self.write(
            {
                "state": "planned",
                "tries": 0,
                "send_at": fields.Datetime.now(),
                "sending_since": False,
            }
        )

    def action_mark_sent(self):
        """Close interrupted messages of which is known that they went out."""
        self._check_failed()
        self.write({"state": "sent", "sent_at": fields.Datetime.now(), "failure": False})

    def _check_failed(self):
        if self.filtered(lambda task: task.state != "failed" or not task.is_automatic):
            raise UserError(self.env._("Only messages that failed can be sent again."))
