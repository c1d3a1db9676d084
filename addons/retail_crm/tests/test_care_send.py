from contextlib import nullcontext
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.sms.tests.common import MockSMS
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_care import CareCase

NOISE = ("odoo.addons.mail.models.mail_mail", "odoo.addons.mail.models.mail_render_mixin")


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 04:00:00")
class TestCareSend(CareCase, MockEmail, MockSMS):
    """Messages that the system sends: once, again after a failure, and what can't be sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.company.email = "shop@example.com"
        cls.strategy.active = False
        cls.mails = cls._strategy([cls._mail_plan()], name="Come back")

    def _task(self, strategy=None):
        strategy = strategy or self.mails
        self._generate(strategy)
        return strategy.task_ids

    def _send(self, down=False):
        """Run the job; return the mails that went out."""
        with self.mock_mail_gateway(), mute_logger(*NOISE):
            with self._server_down() if down else nullcontext():
                self.env["retail.care.task"]._job_send()
        return self._mails

    def _server_down(self):
        refused = ConnectionRefusedError("Connection refused")
        server = self.registry["ir.mail_server"]
        return patch.object(server, "_connect__", side_effect=refused)

    def _later(self, task):
        task.send_at = fields.Datetime.now() - timedelta(minutes=1)

    def test_sent_once(self):
        task = self._task()
        self.assertEqual(task.state, "planned")
        sent = self._send()
        self.assertEqual([mail["email_to"] for mail in sent], [[self.silent.email_formatted]])
        self.assertEqual(sent[0]["subject"], "We have missed you, Silent Sam")
        self.assertEqual(task.state, "sent")
        self.assertFalse(self._send(), "nothing is left")

    def test_mail_server_down_is_tried_again_then_given_up(self):
        task = self._task()
        self.assertFalse(self._send(down=True))
        self.assertEqual((task.state, task.tries), ("planned", 1))
        self.assertEqual(task.send_at, fields.Datetime.now() + timedelta(minutes=15))
        self.assertTrue(task.failure)
        self._send()
        self.assertEqual(task.state, "planned", "not before its time")
        for tries in (2, 3):
            self._later(task)
            self._send(down=True)
            self.assertEqual(task.tries, tries)
        self.assertEqual(task.state, "failed")
        self.assertEqual(self.mails.failed_task_count, 1)
        task.action_send_again()
        self.assertEqual(len(self._send()), 1)
        self.assertEqual(task.state, "sent")
        self.assertFalse(task.failure)

    def test_sms_gateway_refuses(self):
        strategy = self._strategy([self._sms_plan()])
        task = self._task(strategy)
        with self.mockSMSGateway(sim_error="credit"):
            task._job_send()
        self.assertEqual((task.state, task.failure), ("planned", "Insufficient Credit"))
        self._later(task)
        with self.mockSMSGateway(sim_error="wrong_number_format"):
            task._job_send()
        self.assertEqual((task.state, task.failure), ("failed", "Wrong Number Format"))
        task.action_send_again()
        with self.mockSMSGateway():
            task._job_send()
        self.assertEqual(task.state, "sent")
        self.assertEqual(
            [sms["body"] for sms in self._sms],
            ["Service Shop wishes you a happy festival, Silent Sam."],
        )

    def test_template_deleted_before_the_sending(self):
        template = self.env.ref("retail_crm.care_mail_come_back").copy()
        strategy = self._strategy([self._mail_plan(mail_template_id=template.id)])
        task = self._task(strategy)
        template.unlink()
        strategy.plan_ids.invalidate_recordset()
        self._send()
        self.assertEqual(task.state, "failed")
        self.assertIn("template is gone", task.failure)

    def test_template_that_cannot_be_rendered(self):
        subject = "{{ 1 / (0 if object.partner_id.name == 'Other Olaf' else 1) }}"
        template = self.env.ref("retail_crm.care_mail_come_back").copy({"subject": subject})
        other = self._member("Other Olaf")
        self._bought(other, 90)
        strategy = self._strategy([self._mail_plan(mail_template_id=template.id)])
        tasks = self._task(strategy)
        self._send()
        states = {task.partner_id: task.state for task in tasks}
        self.assertEqual(states, {other: "failed", self.silent: "sent"}, "each by itself")

    def test_wishes_are_looked_at_again_before_the_sending(self):
        task = self._task()
        self.silent.retail_consent_mail = False
        self.assertFalse(self._send())
        self.assertEqual(
            (task.state, task.cancel_reason), ("cancelled", "Hasn't agreed to this way")
        )

    def test_only_within_the_hours(self):
        self.mails.plan_ids.write({"from_hour": 9, "to_hour": 12})
        task = self._task()
        self._later(task)
        # Noon in Taipei: too late for today, as after a night with the server down.
        self.assertFalse(self._send())
        self.assertEqual(str(task.send_at), "2026-03-03 01:00:00")

    def test_at_the_usual_time_of_the_member(self):
        """The last purchase was at noon in Taipei; it is noon there now: tomorrow's for others."""
        plan = self._mail_plan(at_usual_time=True)
        send_at = self._task(self._strategy([plan])).send_at
        self.assertEqual(send_at, fields.Datetime.now())
        # Two hours past noon the next noon is meant; what lies out of the hours doesn't count.
        with freeze_time("2026-03-02 07:00:00"):
            later = self._task(self._strategy([plan], name="Later")).send_at
            evening = {**plan, "from_hour": 16, "to_hour": 20}
            other = self._task(self._strategy([evening], name="Evening")).send_at
        self.assertEqual(later, fields.Datetime.to_datetime("2026-03-03 03:00:00"))
        self.assertEqual(other, fields.Datetime.to_datetime("2026-03-02 08:00:00"))

    def test_a_mail_that_comes_back_has_failed(self):
        task = self._task()
        self._send()
        task._message_receive_bounce("silent.sam@example.com", self.silent)
        self.assertEqual(task.state, "failed")
        self.assertIn("silent.sam@example.com", task.failure)
        self.assertFalse(self._send(), "not sent again by itself")
        task.action_send_again()
        self.assertEqual(len(self._send()), 1)

    def test_claim_without_a_worker_is_shown_and_not_sent_again(self):
        task = self._task()
        self.env["retail.care.task"]._claim_next()
        self.assertEqual(task.state, "sending")
        self.assertFalse(self._send(), "somebody may be at it")
        self.assertEqual(task.state, "sending")
        task.sending_since = fields.Datetime.now() - timedelta(minutes=5)
        self.assertFalse(self._send())
        self.assertEqual(task.state, "failed")
        self.assertIn("Interrupted", task.failure)
        task.action_mark_sent()
        self.assertEqual(task.state, "sent")
        with self.assertRaises(UserError):
            task.action_send_again()

    def test_opting_out_cancels_what_is_planned(self):
        task = self._task()
        self.silent.do_not_contact = True
        self.assertEqual(task.state, "cancelled")

    def test_trial_goes_to_me_and_leaves_nothing(self):
        self.env.user.email = "me@example.com"
        with self.mock_mail_gateway():
            self.mails.plan_ids.action_test_send()
        self.assertEqual(len(self._mails), 1)
        self.assertIn("me@example.com", self._mails[0]["email_to"][0])
        self.assertFalse(self.mails.task_ids)
        with self.assertRaises(UserError):
            self.strategy.plan_ids.action_test_send()
        with self.mock_mail_gateway(), self._server_down(), mute_logger(*NOISE):
            with self.assertRaisesRegex(UserError, "could not be sent"):
                self.mails.plan_ids.action_test_send()

    def test_settled_and_evaluated(self):
        task = self._task()
        self._send()
        task.sent_at = fields.Datetime.now() - timedelta(days=5)
        task.flush_recordset()
        self.env["retail.care.task"]._cron_evaluate()
        self.assertEqual(task.state, "done")
        task.made_on = self.TODAY - timedelta(days=40)
        self.env["retail.care.task"]._cron_evaluate()
        self.assertEqual(task.state, "evaluated")
