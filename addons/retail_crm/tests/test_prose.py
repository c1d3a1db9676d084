from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_privacy import MAIL, PHONE, PrivacyCase

SPACED = "138 1234 5678"
TEXT = f"Torn sleeve: call {SPACED} or write to {MAIL}"
MASKED = "Torn sleeve: call 138****5678 or write to j***@example.com"
HTML = f'<p>{TEXT} <a href="tel:+86{PHONE}">ring</a></p>'


@tagged("post_install", "-at_install")
class TestProse(PrivacyCase):
    """Phones and mails typed into texts about a member: hidden like the member's own fields."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guide.group_ids += cls.env.ref("sales_team.group_sale_salesman")
        cls.message = cls.member.message_post(body="Hello")
        cls.message.body = HTML
        cls.ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "Torn",
                "description": HTML,
                "solution": TEXT,
                "retail_kind": "complaint",
                "retail_store_id": cls.store.id,
                "partner_id": cls.member.id,
                "user_id": cls.guide.id,
            }
        )
        cls.member.write({"comment": HTML, "retail_preference": TEXT, "retail_special_need": TEXT})
        cls.communication = cls.env["retail.communication"].create(
            {
                "partner_id": cls.member.id,
                "method_id": cls.env["retail.communication.method"].search([], limit=1).id,
                "subject": TEXT,
                "content": TEXT,
                "next_action": f"Call {PHONE}",
                "user_id": cls.guide.id,
            }
        )
        cls.activity = cls.member.activity_schedule(
            summary=f"Call {PHONE}", note=HTML, user_id=cls.guide.id
        )

    def _leaks(self, data):
        return super()._leaks(repr(data).replace("-", ""))

    # === READING === #

    def test_texts_read_out(self):
        for record, names in (
            (self.message, ["body", "preview"]),
            (self.ticket, ["description", "solution"]),
            (self.member, ["comment", "retail_preference", "retail_special_need"]),
            (
                self.communication,
                ["subject", "content", "next_action", "display_name", "proposals"],
            ),
            (self.activity, ["summary", "note"]),
        ):
            specification = {name: {} for name in names}
            with self.subTest(record._name):
                seen = record.with_env(self.as_guide)
                rows = seen.read(names)
                self.assertTrue(rows[0][names[0]])
                self.assertFalse(self._leaks(rows))
                self.assertIn("138****5678", repr(rows))
                self.assertFalse(self._leaks(seen.web_read(specification)))
                lines = seen.sudo(False)._export_rows([[name] for name in names])
                self.assertFalse(self._leaks(lines))
                self.assertTrue(self._leaks(record.with_user(self.service).sudo().read(names)))
        self.assertEqual(
            self.ticket.with_env(self.as_guide).read(["solution"])[0]["solution"], MASKED
        )
        by_service = self.member.with_user(self.service).read(["retail_preference"])[0]
        self.assertEqual(by_service["retail_preference"], TEXT)

    def test_who_is_shown_the_member_reads_the_texts(self):
        self.member.with_env(self.as_guide).retail_reveal()
        seen = self.ticket.with_env(self.as_guide)
        self.assertEqual(seen.read(["solution"])[0]["solution"], TEXT)
        self.assertTrue(self._leaks(self.message.with_env(self.as_guide).read(["body"])))

    def test_texts_about_strangers_are_whole(self):
        self.stranger.comment = HTML
        note = self.stranger.message_post(body="Hello")
        note.body = HTML
        for record, name in ((self.stranger, "comment"), (note, "body")):
            self.assertTrue(self._leaks(record.with_env(self.as_guide).read([name])))

    def test_chatter(self):
        messages = self.message.with_env(self.as_guide)
        self.message.write({"incoming_email_cc": f"Jane <{MAIL}>"})
        found = messages._message_fetch([], thread=self.member.with_env(self.as_guide))
        self.assertIn(self.message, found["messages"])
        data = Store().add(found["messages"]).get_result()
        self.assertIn("Torn sleeve", repr(data))
        self.assertFalse(self._leaks(data))
        by_service = self.message.with_user(self.service)
        self.assertTrue(self._leaks(Store().add(by_service).get_result()))
        inbox = Store(bus_channel=self.guide).add(self.message.with_user(self.guide))
        self.assertFalse(self._leaks(inbox.get_result()))
        activity = self.activity.with_env(self.as_guide).activity_format()
        self.assertIn("138****5678", repr(activity))
        self.assertFalse(self._leaks(activity))

    def test_a_chatter_costs_no_query_per_message(self):
        messages = self.message
        for _number in range(19):
            messages += self.member.message_post(body=TEXT)
        for some in (messages[:4], messages):
            some.with_env(self.as_guide).read(["body"])  # fills other caches
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(len(some)), self.assertQueryCount(12):
                some.with_env(self.as_guide).read(["body"])

    def test_tracked_texts(self):
        self.env.flush_all()
        self.env.cr.precommit.run()  # the creation is no change
        self.ticket.solution = f"New: {PHONE}"
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = self.env["mail.tracking.value"].search(
            [
                ("mail_message_id.res_id", "=", self.ticket.id),
                ("mail_message_id.model", "=", "helpdesk.ticket"),
                ("field_id.name", "=", "solution"),
            ]
        )
        self.assertTrue(tracked)
        formatted = tracked.with_env(self.as_guide).sudo()._tracking_value_format()
        self.assertIn("138****5678", repr(formatted))
        self.assertFalse(self._leaks(formatted))

    def test_paper(self):
        fields_ = self.env["ir.qweb.field"].with_user(self.guide)
        html = self.env["ir.qweb.field.html"].with_user(self.guide)
        ticket = self.ticket.with_env(self.as_guide)
        self.assertEqual(fields_.record_to_html(ticket, "solution", {}), MASKED)
        self.assertFalse(self._leaks(html.record_to_html(ticket, "description", {})))

    # === SEARCHING === #

    def test_no_search_for_a_part_of_a_number(self):
        tickets = self.as_guide["helpdesk.ticket"]
        messages = self.as_guide["mail.message"]
        mine = [("model", "=", "res.partner"), ("res_id", "=", self.member.id)]
        for term in ("1234", "138 1234", "1%2%3", "doe@ex"):
            with self.subTest(term):
                self.assertNotIn(self.ticket, tickets.search([("description", "ilike", term)]))
                self.assertNotIn(self.message, messages.search([*mine, ("body", "ilike", term)]))
                found = messages._message_fetch(
                    [], thread=self.member.with_env(self.as_guide), search_term=term
                )
                self.assertNotIn(self.message, found["messages"])
                members = self.as_guide["res.partner"]
                self.assertNotIn(self.member, members.search([("comment", "ilike", term)]))
                self.assertNotIn(self.member, members.search([("message_ids.body", "ilike", term)]))
        self.assertIn(self.ticket, tickets.search([("description", "ilike", "sleeve")]))
        self.assertIn(self.message, messages.search([*mine, ("body", "ilike", "sleeve")]))
        by_service = self.env(user=self.service)["helpdesk.ticket"]
        self.assertIn(self.ticket, by_service.search([("description", "ilike", "1234")]))
        self.member.with_env(self.as_guide).retail_reveal()
        self.assertIn(self.message, messages.search([*mine, ("body", "ilike", "138 1234")]))

    def test_no_search_among_tracked_values(self):
        self.member.email = "other@example.com"
        self.env.flush_all()
        self.env.cr.precommit.run()
        messages = self.env["mail.message"]
        for user, found in ((self.guide, False), (self.service, True)):
            answer = messages.with_user(user)._message_fetch(
                [], thread=self.member.with_user(user), search_term="jane.doe"
            )
            with self.subTest(user.login):
                tracked = answer["messages"].filtered(lambda m: m.sudo().tracking_value_ids)
                self.assertEqual(bool(tracked), found)

    # === WRITING === #

    def test_a_masked_text_that_comes_back_keeps_its_numbers(self):
        with Form(
            self.member.with_env(self.as_guide), "retail_crm.retail_member_view_form"
        ) as form:
            self.assertEqual(form.retail_preference, MASKED)
            form.retail_preference = MASKED + ", after six"
        self.assertEqual(self.member.retail_preference, TEXT + ", after six")
        seen = self.ticket.with_env(self.as_guide)
        description = seen.read(["description"])[0]["description"]
        seen.description = description.replace("Torn", "Ripped")
        self.assertIn(f"Ripped sleeve: call {SPACED}", self.ticket.description)
        self.assertIn(f"tel:+86{PHONE}", self.ticket.description)
        self.communication.with_env(self.as_guide).content = f"{MASKED}!"
        self.assertEqual(self.communication.content, f"{TEXT}!")

    def test_a_correction_of_a_masked_record(self):
        action = self.communication.with_env(self.as_guide).action_correct()
        self.assertFalse(self._leaks(action["context"]))
        corrections = self.as_guide["retail.communication"].with_context(action["context"])
        correction = Form(corrections).save()
        self.assertEqual(correction.sudo().content, TEXT)
        self.assertEqual(correction.corrects_id, self.communication)

    def test_a_text_does_not_leave_its_member(self):
        seen = self.ticket.with_env(self.as_guide)
        with self.assertRaises(AccessError):
            seen.partner_id = self.stranger
        with self.assertRaises(AccessError):
            self.communication.with_env(self.as_guide).partner_id = self.stranger
        self.ticket.with_user(self.service).partner_id = self.stranger

    def test_a_copy_has_what_was_seen(self):
        values = self.ticket.with_env(self.as_guide).copy_data()[0]
        self.assertIn("138****5678", values["description"])
        self.assertFalse(self._leaks(values))
