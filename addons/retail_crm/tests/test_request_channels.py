from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_service import ServiceCase
from .test_complaint import ComplaintCase
from .test_import_run import ImportCase


@tagged("post_install", "-at_install")
class TestRequestCall(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._member("Calling Carl", phone="+86 138 0000 4711")

    def _call(self, user=None, **values):
        form = Form(self.env["retail.request.call"].with_user(user or self.agent))
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_number_finds_the_member_and_words_the_category(self):
        call = self._call(phone="+86 138 0000 4711", text="Parcel late\nOrdered last week")
        self.assertEqual(call.partner_id, self.customer)
        action = call.action_save()
        ticket = self.env["helpdesk.ticket"].browse(action["res_id"])
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Parcel late",
                    "partner_id": self.customer.id,
                    "retail_kind": "complaint",
                    "user_id": self.agent.id,
                    "retail_store_id": self.store.id,
                    "category_id": self.env.ref("retail_crm.category_logistics_speed").id,
                    "channel_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone").id,
                }
            ],
        )

    def test_stranger(self):
        call = self._call(phone="13911112222", partner_name="Mr. Li", text="Do you have tea?")
        self.assertFalse(call.partner_id)
        action = call.action_save_new()
        self.assertEqual(action["res_model"], "retail.request.call")
        ticket = self.env["helpdesk.ticket"].search([], limit=1, order="id desc")
        self.assertEqual(ticket.partner_name, "Mr. Li")
        self.assertIn("13911112222", ticket.description)

    def test_answers_for_the_caller_while_typing(self):
        answer = self.env["retail.faq"].create(
            {"question": "Can opened jars come back?", "answer": "Yes, within 7 days."}
        )
        form = Form(self.env["retail.request.call"].with_user(self.agent))
        self.assertFalse(form.faq_ids[:])
        form.text = "May I bring opened jars back?"
        self.assertEqual(form.faq_ids[:], answer)

    def test_cashiers_note_none(self):
        with self.assertRaises(AccessError):
            self._call(self.cashier, text="x")


@tagged("post_install", "-at_install")
class TestRequestFaq(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        articles = cls.env["retail.faq"]
        articles.search([]).active = False
        cls.back = articles.create(
            {"question": "Can opened goods come back?", "answer": "Within 7 days.", "words": "退货"}
        )
        cls.hours = articles.create({"question": "When are you open?", "answer": "10 to 22."})

    def test_answers_while_typing(self):
        context = {"default_retail_kind": "consult", "default_company_id": self.company.id}
        form = Form(self.Ticket.with_user(self.agent).with_context(**context))
        form.name = "May opened goods come back"
        self.assertEqual(form.faq_ids[:], self.back)
        form.name = "我要退货"
        self.assertEqual(form.faq_ids[:], self.back)
        form.name = "Nothing of that"
        self.assertFalse(form.faq_ids[:])

    def test_taken_over(self):
        ticket = self._complaint(retail_kind="consult", name="Opened goods")
        article = self.back.with_user(self.agent).with_context(ticket_id=ticket.id)
        article.action_use()
        self.assertEqual(ticket.solution, "Within 7 days.")
        self.assertEqual(self.back.use_count, 1)
        with self.assertRaises(AccessError):
            article.answer = "Never."

    def test_mail_says_so(self):
        ticket = self.Ticket.with_user(self.env.ref("base.user_root")).message_new(
            {"subject": "Where is it?", "body": "<p>?</p>", "from": "ann@example.com"},
            {"team_id": self.team.id},
        )
        self.assertEqual(
            ticket.channel_id, self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email")
        )


@tagged("post_install", "-at_install")
class TestImportPost(ImportCase):
    HEAD = "URL,Text,Account,Network,Channel,Store,Date"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls.env.ref("retail_crm.import_profile_post")
        cls.member.retail_social_ids = [
            (0, 0, {"network": "weibo", "account": "wangfang"}),
        ]

    def _requests(self):
        return self.env["helpdesk.ticket"].search(
            [("retail_post_url", "!=", False), ("company_id", "=", self.company.id)], order="id"
        )

    def test_three_rows_are_three_requests_once(self):
        content = self._csv(
            "https://weibo.example/1,快递太慢了,wangfang,Weibo,,TS1,2026-03-01 10:00:00",
            "https://weibo.example/2,It would be nice to have oolong,somebody,Weibo,,,",
            "chat-7,How can I order?,visitor,,Live Chat,,",
            header=self.HEAD,
        )
        self.assertEqual(self._counts(self._import(content)), (3, 3, 0, 0))
        late, idea, chat = self._requests()
        self.assertRecordValues(
            late | idea | chat,
            [
                {"retail_kind": "complaint", "partner_id": self.member.id},
                {"retail_kind": "suggestion", "partner_id": False},
                {"retail_kind": "consult", "partner_id": False},
            ],
        )
        self.assertEqual(late.category_id, self.env.ref("retail_crm.category_logistics_speed"))
        self.assertEqual(late.retail_store_id, self.store)
        self.assertEqual(idea.partner_name, "somebody")
        self.assertEqual(idea.channel_id, self.env.ref("retail_crm.channel_complaint_social"))
        self.assertEqual(chat.channel_id, self.env.ref("retail_crm.channel_complaint_chat"))
        self.assertTrue(all(ticket.user_id and ticket.deadline for ticket in late | idea | chat))
        self.assertEqual(self._counts(self._import(content)), (3, 0, 3, 0))

    def test_bad_rows_are_refused(self):
        run = self._import(
            self._csv(
                "https://weibo.example/3,,x,,,,",
                "https://weibo.example/4,Text,x,,,Nowhere,",
                header=self.HEAD,
            )
        )
        self.assertEqual(self._counts(run), (2, 0, 0, 2))
        self.assertIn("Nowhere", "".join(run.row_ids.mapped("message")))

    def test_agents_run_this_import_and_no_other(self):
        agent = self._agent()
        profiles = self.env["retail.import.profile"].with_user(agent).search([])
        self.assertEqual(profiles.mapped("target"), ["post"])
        run = self._new_run(b"x").with_user(agent)
        self.assertTrue(run.read(["name"]))
        self.profile = self.env.ref("retail_crm.import_profile_member")
        with self.assertRaises(AccessError):
            self._new_run(b"y").with_user(agent).read(["name"])

    def _agent(self):
        agent = self.env["res.users"].create(
            {
                "name": "Agent",
                "login": "import_agent",
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                "group_ids": [(6, 0, [self.env.ref("retail_crm.group_service").id])],
            }
        )
        return agent
