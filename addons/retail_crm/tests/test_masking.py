from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_privacy import MAIL, PHONE, STREET, PrivacyCase

CONTACT = ["phone", "phone_sanitized", "email", "email_normalized", "email_formatted", "street"]
ADDRESS = ["contact_address", "contact_address_inline"]


@tagged("post_install", "-at_install")
class TestMasking(PrivacyCase):
    """Contact data of members reach no client of who may not see them, by no way."""

    def setUp(self):
        super().setUp()
        self.partners = self.as_guide["res.partner"]
        self.seen = self.member.with_env(self.as_guide)

    # === READING === #

    def test_every_way_to_read(self):
        names = ["name", "display_name", *CONTACT, *ADDRESS]
        specification = {name: {} for name in names}
        domain = [("id", "=", self.member.id)]
        ways = {
            "read": lambda: self.seen.read(names),
            "web_read": lambda: self.seen.web_read(specification),
            "search_read": lambda: self.partners.search_read(domain, names),
            "web_search_read": lambda: self.partners.web_search_read(domain, specification),
            "export": lambda: self.seen._export_rows([[name] for name in names]),
            "name_search": lambda: self.partners.with_context(
                show_email=True, show_address=True
            ).name_search("Jane Doe"),
            "copy_data": lambda: self.seen.copy_data(),
        }
        for way, answer in ways.items():
            with self.subTest(way):
                data = answer()
                self.assertIn("Jane Doe", repr(data))
                self.assertFalse(self._leaks(data))

    def test_what_is_left_tells_whom_it_is(self):
        row = self.seen.read(CONTACT)[0]
        self.assertEqual(row["phone"], "138****5678")
        self.assertEqual(row["phone_sanitized"], "+86 138****5678")
        self.assertEqual(row["email"], "j***@example.com")
        self.assertEqual(row["email_formatted"], '"Jane Doe" <j***@example.com>')
        self.assertEqual(row["street"], "Na***")

    def test_strangers_and_the_own_card_are_whole(self):
        stranger = self.stranger.with_env(self.as_guide)
        self.assertEqual(stranger.read(["phone"])[0]["phone"], PHONE)
        self.guide.partner_id.write({"is_member": True, "phone": "13500001111"})
        own = self.guide.partner_id.with_env(self.as_guide)
        self.assertEqual(own.read(["phone"])[0]["phone"], "13500001111")

    def test_who_has_the_right_sees_all(self):
        for role in ("service", "order_clerk", "accountant", "store_manager", "retail_admin"):
            user = self.service if role == "service" else self._user(role)
            row = self.member.with_user(user).read(["phone", "email", "street"])[0]
            with self.subTest(role):
                self.assertEqual((row["phone"], row["email"], row["street"]), (PHONE, MAIL, STREET))

    def test_server_code_and_mails_are_whole(self):
        self.assertEqual(self.seen.phone, PHONE)
        self.assertEqual(self.seen.email_formatted, f'"Jane Doe" <{MAIL}>')
        self.assertEqual(self.seen.sudo().read(["phone"])[0]["phone"], PHONE)

    def test_contacts_below_a_member(self):
        child = self.env["res.partner"].create(
            {"name": "Door", "parent_id": self.member.id, "type": "delivery", "phone": PHONE}
        )
        self.assertEqual(child.with_env(self.as_guide).read(["phone"])[0]["phone"], "138****5678")

    def test_through_other_models(self):
        follower = self.env["mail.followers"].create(
            {
                "res_model": "res.partner",
                "res_id": self.stranger.id,
                "partner_id": self.member.id,
            }
        )
        user = self.env["res.users"].create(
            {"login": "jane", "partner_id": self.member.id, "group_ids": False}
        )
        message = self.member.message_post(body="Hello", author_id=self.member.id)
        for record, names in (
            (follower, ["email"]),
            (user, ["email", "phone", "street", "email_formatted"]),
            (message, ["email_from"]),
        ):
            with self.subTest(record._name):
                rows = record.with_env(self.as_guide).read(names)
                self.assertTrue(rows[0][names[0]])
                self.assertFalse(self._leaks(rows))
        lines = user.with_env(self.as_guide)._export_rows([["email"], ["partner_id", "phone"]])
        self.assertEqual(lines, [["j***@example.com", "138****5678"]])

    def test_chatter_tells_no_old_or_new_value(self):
        self.member.write({"phone": "13900001111", "email": "new@example.com"})
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = self.env["mail.tracking.value"].search(
            [("mail_message_id.res_id", "=", self.member.id), ("field_id.name", "=", "email")]
        )
        self.assertTrue(tracked)
        formatted = tracked.with_env(self.as_guide).sudo()._tracking_value_format()
        self.assertEqual(
            (formatted[0]["oldValue"], formatted[0]["newValue"]),
            ("j***@example.com", "n***@example.com"),
        )
        formatted = tracked.with_user(self.service).sudo()._tracking_value_format()
        self.assertEqual(formatted[0]["oldValue"], MAIL)

    def test_suggested_recipients(self):
        recipients = self.seen._message_get_suggested_recipients(no_create=True)
        self.assertTrue(recipients)
        self.assertFalse(self._leaks(recipients))

    def test_a_list_costs_no_query_per_row(self):
        self.env["res.partner"].create(
            [
                {"name": f"Many {i}", "is_member": True, "phone": f"137000012{i:02}"}
                for i in range(80)
            ]
        )
        domain = [("name", "=like", "Many %")]
        for count in (8, 80):
            self.partners.search_read(domain, ["phone"], limit=count)  # fills other caches
            self.env.invalidate_all()
            with self.subTest(count), self.assertQueryCount(5):
                rows = self.partners.search_read(domain, ["phone"], limit=count)
            self.assertTrue(all(row["phone"].startswith("137****12") for row in rows))

    # === SEARCHING === #

    def test_parts_of_contact_data_find_no_member(self):
        for domain in (
            [("phone", "like", "1381")],
            [("phone", "=like", "138%")],
            [("phone", "not like", "139")],
            ["!", ("phone", "like", "139")],
            [("phone", ">", "138")],
            [("email", "ilike", "jane")],
            [("email", "!=", "other@example.com")],
            [("street", "ilike", "nanjing")],
            [("phone_sanitized", "like", "138")],
            [("phone_mobile_search", "ilike", "13812345")],
            [("display_name", "ilike", "jane.doe")],
            [("user_ids.email", "ilike", "jane")],
        ):
            with self.subTest(domain=domain):
                found = self.partners.search(domain)
                self.assertNotIn(self.member, found)
        self.assertIn(self.stranger, self.partners.search([("phone", "like", "1381")]))
        by_service = self.env(user=self.service)["res.partner"]
        self.assertIn(self.member, by_service.search([("phone", "like", "1381")]))

    def test_whole_values_find_the_member(self):
        for domain in (
            [("phone", "=", PHONE)],
            [("email", "in", [MAIL])],
            [("phone_mobile_search", "ilike", "138 1234 5678")],
            [("phone_mobile_search", "ilike", "+86 138-1234-5678")],
            [("phone", "!=", False)],
        ):
            with self.subTest(domain=domain):
                self.assertIn(self.member, self.partners.search(domain))
        numbers = [PHONE, *(str(10**10 + i) for i in range(100))]
        self.assertNotIn(self.member, self.partners.search([("phone", "in", numbers)]))

    def test_not_through_other_models(self):
        user = self.env["res.users"].create(
            {"login": "jane", "partner_id": self.member.id, "group_ids": False}
        )
        users = self.as_guide["res.users"]
        for domain in (
            [("email", "ilike", "jane")],
            [("partner_id.phone", "like", "1381")],
            [("partner_id", "any", [("phone", "like", "1381")])],
            [("partner_id", "ilike", "jane.doe")],
        ):
            with self.subTest(domain=domain):
                self.assertNotIn(user, users.search(domain))

    def test_no_grouping_and_no_order(self):
        for call in (
            lambda: self.partners.formatted_read_group([], ["phone"], ["__count"]),
            lambda: self.partners.formatted_read_group([], [], ["phone:max"]),
            lambda: self.partners._read_group([], ["is_member"], ["email:array_agg"]),
            lambda: self.as_guide["res.users"].formatted_read_group([], ["partner_id.email"]),
        ):
            with self.assertRaises(AccessError):
                call()
        members = self.member + self.other
        domain = [("id", "in", members.ids)]
        self.member.phone = "99"
        self.assertEqual(self.env["res.partner"].search(domain, order="phone desc")[0], self.member)
        self.other.retail_store_id = False
        self.assertEqual(self.partners.search(domain, order="phone desc")[0], self.other)

    # === WRITING === #

    def test_masked_values_never_overwrite(self):
        self.seen.write({"phone": "138****5678", "email": "j***@example.com", "ref": "A1"})
        self.assertEqual((self.member.phone, self.member.email), (PHONE, MAIL))
        self.assertEqual(self.member.ref, "A1")
        with self.assertRaises(UserError):
            self.seen.write({"phone": "139****5678"})
        with self.assertRaises(UserError):
            self.partners.create({"name": "Copy", "phone": "138****5678"})
        self.seen.write({"phone": "13600001111"})
        self.assertEqual(self.member.phone, "13600001111")

    def test_form_of_a_guide(self):
        with Form(self.seen, view="retail_crm.retail_member_view_form") as form:
            self.assertEqual(form.phone, "138****5678")
            form.country_id = self.env.ref("base.tw")
            self.assertFalse(self._leaks([form.phone, form.street]))
            form.city = "Suzhou"
        self.assertEqual(self.member.city, "Suzhou")
        self.assertEqual((self.member.phone, self.member.street), (PHONE, STREET))

    def test_onchange_tells_nothing(self):
        answer = self.seen.onchange(
            {"country_id": self.env.ref("base.tw").id},
            ["country_id"],
            {"country_id": {}, "phone": {}, "email": {}, "street": {}, "phone_sanitized": {}},
        )
        self.assertFalse(self._leaks(answer))

    def test_a_member_does_not_leave_the_mask(self):
        with self.assertRaises(AccessError):
            self.seen.is_member = False
        child = self.env["res.partner"].create({"name": "Door", "parent_id": self.member.id})
        with self.assertRaises(AccessError):
            child.with_env(self.as_guide).parent_id = self.stranger
        self.member.with_user(self.service).is_member = False

    def test_a_copy_is_without(self):
        copy = self.seen.copy({"phone": "+86 137 7777 7777"})
        self.assertFalse(copy.email)
        self.assertEqual(copy.sudo().phone, "+86 137 7777 7777")

    def test_letters_in_a_phone(self):
        for typed, sanitized, seen in (
            ("138OO138000", False, "****00"),  # the letter O
            ("ask Jane", False, "****"),
            ("1381234567x", False, "138****4567"),
            ("tel. 137 1234 5678", "+8613712345678", "137****5678"),
        ):
            self.member.phone = typed
            with self.subTest(typed):
                self.assertEqual(self.member.phone, typed, "stays as it was typed")
                self.assertEqual(self.member.phone_sanitized, sanitized)
                self.assertEqual(self.seen.read(["phone"])[0]["phone"], seen)
                self.assertEqual(self.member._retail_phone_number(typed), sanitized)

    # === TICKETS === #

    def test_tickets(self):
        tickets = self.as_guide["helpdesk.ticket"]
        form = Form(tickets.with_context(default_retail_kind="consult"))
        form.name = "Torn"
        form.description = "Torn at the seam"
        form.partner_id = self.seen
        self.assertEqual(form.partner_email, "j***@example.com")
        ticket = form.save()
        self.assertEqual(ticket.partner_email, MAIL, "the ticket keeps the whole address")
        self.assertFalse(self._leaks(ticket.read(["partner_email", "partner_name"])))
        ticket.write({"partner_email": "j***@example.com"})
        self.assertEqual(ticket.partner_email, MAIL)
        self.assertFalse(tickets.search([("partner_email", "ilike", "jane")]))
        self.assertEqual(tickets.search([("partner_email", "=", MAIL)]), ticket)
        self.assertEqual(
            ticket.with_user(self.service).read(["partner_email"])[0]["partner_email"], MAIL
        )

    # === PAPER AND MESSAGES === #

    def test_documents_that_a_guide_prints(self):
        self.guide.group_ids += self.env.ref("sales_team.group_sale_salesman")
        order = self.env["sale.order"].create(
            {"partner_id": self.member.id, "user_id": self.guide.id}
        )
        report = "sale.action_report_saleorder"
        for user, leaks in ((self.guide, False), (self.service, True)):
            user.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
            reports = self.env["ir.actions.report"].with_user(user)
            html = reports._render_qweb_html(report, order.ids)[0].decode()
            with self.subTest(user.login):
                self.assertIn("Jane Doe", html)
                self.assertEqual(bool(self._leaks(html)), leaks)
        fields_ = self.env["ir.qweb.field"].with_user(self.guide)
        self.assertEqual(fields_.record_to_html(self.seen, "phone", {}), "138****5678")
        contact = self.env["ir.qweb.field.contact"].with_user(self.guide)
        self.assertFalse(self._leaks(contact.value_to_html(self.seen, {})))
        with self.assertRaises(AccessError):
            self.seen._build_vcard()

    def test_text_message_goes_to_the_number_that_nobody_sees(self):
        composers = self.as_guide["sms.composer"].with_context(
            default_res_model="res.partner", default_res_id=self.member.id
        )
        names = ["recipient_single_number", "recipient_single_number_itf", "res_id", "res_model"]
        answer = composers.onchange({}, [], {name: {} for name in [*names, "composition_mode"]})
        self.assertFalse(self._leaks(answer))
        composer = composers.create(
            {"body": "Hello", "recipient_single_number_itf": "+86 138****5678"}
        )
        self.assertFalse(self._leaks(composer.read(names)))
        self.assertEqual(composer.recipient_single_number_itf, f"+86{PHONE}")
