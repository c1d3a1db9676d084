import itertools
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import RetailCase


class SurveyCase(RetailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        cls.rounds = cls.env["retail.survey.round"]
        cls.survey = cls.env.ref("retail_crm.survey_satisfaction")
        cls.numbers = itertools.count(1)

    @classmethod
    def _buyers(cls, count, day=None, **values):
        """Make members who allow everything and bought on a day (today without one)."""
        members = cls.env["res.partner"].create(
            [
                {
                    "name": f"Asked {number}",
                    "email": f"asked{number}@example.com",
                    "phone": f"+86 139 0000 {number:04d}",
                    "is_member": True,
                    "retail_consent_mail": True,
                    "retail_consent_phone": True,
                    **values,
                }
                for number in itertools.islice(cls.numbers, count)
            ]
        )
        cls.env["retail.member.figure"].sudo().create(
            [
                {
                    "partner_id": member.id,
                    "company_id": cls.company.id,
                    "last_day": day or cls.today,
                }
                for member in members
            ]
        )
        return members

    def _round(self, **values):
        return self.rounds.create({"name": "Spring", "sample_size": 10, "seed": 7, **values})

    def _answer(self, asked, **answers):
        """Enter answers 0 to 10 by the question's name, and finish."""
        for name, value in answers.items():
            question = self.env.ref(f"retail_crm.survey_satisfaction_{name}")
            asked.sudo().input_id._save_lines(question, value)
        asked.sudo().input_id._mark_done()


@tagged("post_install", "-at_install")
class TestSurveyRound(SurveyCase):
    """Who is asked, what the answers say, and what a low one starts."""

    def test_ten_of_a_hundred_by_the_seed(self):
        members = self._buyers(100)
        first = self._round()
        drawn = first._draw()
        self.assertEqual(len(drawn), 10)
        self.assertLess(drawn, members)
        self.assertEqual(self._round()._draw(), drawn)
        self.assertNotEqual(self._round(seed=8)._draw(), drawn)

    def test_who_is_left_out(self):
        asked = self._buyers(3)
        self._buyers(1, day=self.today - timedelta(days=91))
        self._buyers(1, do_not_contact=True)
        self._buyers(1, retail_consent_mail=False)
        self._buyers(1, email=False)
        self._buyers(1, is_member=False)
        self._buyers(1, retail_store_id=self.store.id)
        other_store = self._round(store_ids=[(6, 0, self.store.ids)])
        other_store.action_ask()
        self.assertEqual(len(other_store.asked_ids), 1)
        survey_round = self._round()
        survey_round.action_ask()
        self.assertEqual(survey_round.asked_ids.partner_id, asked)
        with self.assertRaisesRegex(UserError, "No member may be asked"):
            self._round().action_ask()
        self.assertEqual(len(self._round(rest_days=0)._draw()), 4)

    def test_by_phone_nobody_gets_a_mail(self):
        self._buyers(2, email=False)
        survey_round = self._round(way="phone")
        survey_round.action_ask()
        self.assertEqual(len(survey_round.asked_ids), 2)
        self.assertFalse(survey_round.asked_ids.mail_id)
        self.assertIn("answer_token", survey_round.asked_ids[0].action_interview()["url"])

    def test_asked_once_by_mail(self):
        self._buyers(2)
        survey_round = self._round()
        survey_round.action_ask()
        asked = survey_round.asked_ids
        self.assertEqual(len(asked.mail_id), 2)
        self.assertIn(asked[0].input_id.access_token, asked[0].mail_id.body_html)
        self.assertEqual(asked[0].mail_id.recipient_ids, asked[0].partner_id)
        with self.assertRaisesRegex(UserError, "asked already"):
            survey_round.action_ask()
        asked[0].mail_id.write({"state": "exception", "failure_reason": "Nobody there"})
        self.assertEqual(asked[0].problem, "Nobody there")
        asked[0].action_send_again()
        self.assertEqual(asked[0].mail_id.state, "outgoing")
        with self.assertRaisesRegex(UserError, "answers stay"):
            survey_round.unlink()

    def test_answers_give_satisfaction_and_promoters(self):
        self._buyers(4)
        survey_round = self._round()
        survey_round.action_ask()
        said = ((6, 10), (4, 9), (3, 7), (4, 6))
        for asked, (buying, recommend) in zip(survey_round.asked_ids, said, strict=True):
            self._answer(asked, product=8, buying=buying, recommend=recommend)
        # Two would recommend us, one would not: 50 % less 25 %.
        self.assertAlmostEqual(survey_round.nps, 25.0)
        self.assertEqual(survey_round.asked_ids.mapped("score"), [80.0, 70.0, 60.0, 60.0])
        self.assertAlmostEqual(survey_round.score, 67.5)
        self.assertEqual(survey_round.answered_count, 4)
        self.assertFalse(survey_round.low_count)
        self.assertIn("recommend us to friends?: 10", survey_round.asked_ids[0].answers)
        self.env.flush_all()
        rows = self.env["retail.satisfaction"]._read_group(
            [("round_id", "=", survey_round.id)], ["factor"], ["score:avg", "nps:avg"]
        )
        found = {factor: (score, nps) for factor, score, nps in rows}
        self.assertEqual(found["product"], (80.0, False))
        self.assertAlmostEqual(found["recommend"][1], 25.0)

    def test_a_low_answer_opens_one_complaint(self):
        self._buyers(1, retail_store_id=self.store.id)
        survey_round = self._round()
        survey_round.action_ask()
        asked = survey_round.asked_ids
        self._answer(asked, product=2, buying=9, recommend=9)
        ticket = asked.ticket_id
        self.assertRecordValues(
            ticket,
            [
                {
                    "retail_kind": "complaint",
                    "partner_id": asked.partner_id.id,
                    "company_id": self.company.id,
                    "retail_store_id": self.store.id,
                    "channel_id": self.env.ref("retail_crm.ticket_channel_survey").id,
                }
            ],
        )
        self.assertIn("quality of what you bought?: 2", ticket.description)
        asked.sudo().input_id._mark_done()
        self.assertEqual(
            self.env["helpdesk.ticket"].search([("partner_id", "=", asked.partner_id.id)]), ticket
        )
        with self.assertRaisesRegex(UserError, "has answered already"):
            asked.action_interview()

    def test_ratings_and_answers_on_one_scale(self):
        member = self._buyers(1)
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Late",
                "description": "Late",
                "retail_kind": "complaint",
                "partner_id": member.id,
            }
        )
        ticket.rating_apply(3, token=ticket._rating_get_access_token())
        survey_round = self._round()
        survey_round.action_ask()
        self._answer(survey_round.asked_ids, speed=10)
        self.env.flush_all()
        rows = self.env["retail.satisfaction"].search([("partner_id", "=", member.id)])
        found = {(row.source, row.factor): row.score for row in rows}
        self.assertEqual(found, {("ticket", "service"): 50.0, ("survey", "logistics"): 100.0})

    def test_a_quarter_begins_one_round(self):
        self._buyers(3)
        self.rounds._cron_quarter()
        self.assertFalse(self.rounds.search([("quarter", "!=", False)]))
        self.company.write({"retail_survey_quarterly": True, "retail_survey_sample": 2})
        self.rounds._cron_quarter()
        self.rounds._cron_quarter()
        begun = self.rounds.search([("quarter", "!=", False)])
        self.assertRecordValues(begun, [{"state": "asked", "company_id": self.company.id}])
        self.assertEqual(len(begun.asked_ids), 2)
        begun.asked_day = self.today - timedelta(days=15)
        self.rounds._cron_quarter()
        self.assertEqual(begun.state, "closed")

    def test_erased_members_leave_no_words(self):
        member = self._buyers(1)
        survey_round = self._round()
        survey_round.action_ask()
        asked = survey_round.asked_ids
        asked.sudo().input_id._save_lines(
            self.env.ref("retail_crm.survey_satisfaction_words"), "Call me, Anna"
        )
        self._answer(asked, product=8)
        member._retail_erase("asked for it", confirmed=True)
        self.assertFalse(asked.sudo().input_id.email)
        self.assertNotIn("Anna", asked.answers)
        self.assertEqual(asked.score, 80.0)

    def test_roles(self):
        self._buyers(1)
        company = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        service = new_test_user(self.env, "survey_service", "retail_crm.group_service", **company)
        survey_round = self.rounds.with_user(service).create({"name": "Mine", "sample_size": 5})
        survey_round.action_ask()
        asked = survey_round.asked_ids
        self.assertEqual(survey_round.asked_count, 1)
        self.assertIn("answer_token", asked.action_interview()["url"])
        with self.assertRaises(AccessError):
            asked.read(["start_url"])
        with self.assertRaises(AccessError):
            asked.input_id.read(["access_token"])
        guide = new_test_user(self.env, "survey_guide", "retail_crm.group_guide", **company)
        for model in ("retail.survey.round", "retail.survey.asked", "retail.satisfaction"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(guide).search([])
        two = {"company_id": self.company_two.id, "company_ids": [(6, 0, self.company_two.ids)]}
        other = new_test_user(self.env, "survey_two", "retail_crm.group_service", **two)
        self.assertFalse(self.rounds.with_user(other).search([("id", "=", survey_round.id)]))
        self.assertFalse(asked.with_user(other).search([("id", "=", asked.id)]))


@tagged("post_install", "-at_install")
class TestSurveyLink(SurveyCase, HttpCase):
    def test_a_visitor_answers_by_the_link(self):
        """A member without a login answers; the shop opens the complaint."""
        self._buyers(1)
        survey_round = self._round()
        survey_round.action_ask()
        asked = survey_round.asked_ids
        token = asked.input_id.access_token
        self.authenticate(None, None)
        self.assertEqual(self.url_open(asked.input_id.get_start_url()).status_code, 200)
        begin = f"/survey/begin/{self.survey.access_token}/{token}"
        self.make_jsonrpc_request(begin, {})
        submit = f"/survey/submit/{self.survey.access_token}/{token}"
        pages = self.survey.page_ids
        for page, names in zip(
            pages, (("consult",), ("product",), ("buying", "recommend")), strict=True
        ):
            answers = {
                str(self.env.ref(f"retail_crm.survey_satisfaction_{name}").id): "1"
                for name in names
            }
            self.make_jsonrpc_request(submit, {"page_id": page.id, **answers})
        asked.invalidate_recordset()
        self.assertEqual((asked.state, asked.promoter), ("answered", "detractor"))
        self.assertEqual(asked.ticket_id.create_uid, self.env.ref("base.user_root"))
