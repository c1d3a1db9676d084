from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import RetailCase


@tagged("post_install", "-at_install")
class TestMemberForm(RetailCase):
    """What the member's form asks for, notes and shows."""

    def _member(self, **values):
        return self.env["res.partner"].create(
            {"name": "Zhao Min", "is_member": True, "email": "zhao.min@example.com", **values}
        )

    @mute_logger("odoo.sql_db")
    def test_name_and_phone_or_mail_are_required(self):
        with self.assertRaisesRegex(ValidationError, "neither a phone nor an email"):
            self._member(email=False)
        with self.assertRaisesRegex(ValidationError, "neither a phone nor an email"):
            self._member(email="  ")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._member(name=False)
        member = self._member(email=False, phone="62314455")
        with self.assertRaises(ValidationError):
            member.phone = False
        member.write({"phone": False, "email": "a@example.com"})

    def test_contacts_and_archived_members_need_neither(self):
        company = self._member(name="Tea House", is_company=True)
        child = self._member(name="Buyer", parent_id=company.id, email=False)
        self.assertTrue(child.is_member)
        self._member(email=False, active=False)
        self.env["res.partner"].create({"name": "No member"})

    def test_a_recommended_member_names_the_friend(self):
        friend = self.env.ref("retail_crm.source_friend")
        member = self._member(retail_source_id=friend.id)
        self.assertTrue(member.retail_referrer_missing, "a warning, no refusal")
        member.retail_referrer_id = self.member
        self.assertFalse(member.retail_referrer_missing)

    def test_consent_is_dated(self):
        with freeze_time("2026-03-01 12:00:00"):
            member = self._member(retail_consent_mail=True)
            self.assertEqual(member.retail_consent_mail_at, fields.Date.to_date("2026-03-01"))
            self.assertFalse(member.retail_consent_sms_at)
            self.env.flush_all()
        with freeze_time("2026-04-01 12:00:00"):
            member.name = "Other"
            member.retail_consent_sms = True
            self.env.flush_all()
            self.assertEqual(member.retail_consent_mail_at, fields.Date.to_date("2026-03-01"))
            self.assertEqual(member.retail_consent_sms_at, fields.Date.to_date("2026-04-01"))
        with freeze_time("2026-05-01 12:00:00"):
            member.retail_consent_mail = False
            self.env.flush_all()
            self.assertEqual(
                member.retail_consent_mail_at, fields.Date.to_date("2026-05-01"), "withdrawn"
            )

    def test_age_of_a_leap_day_child(self):
        member = self._member(birthdate_date="2004-02-29")
        for day, age in (
            ("2026-02-27", 21),
            ("2026-02-28", 22),
            ("2026-03-01", 22),
            ("2028-02-29", 24),
        ):
            with freeze_time(day):
                member.invalidate_recordset(["age", "retail_age_band"])
                self.assertEqual(member.age, age)
                self.assertEqual(member.retail_age_band, "18_24")
        self.assertEqual(member.retail_birthday_month, 2)

    def test_profile_in_one_query(self):
        for _number in range(2):
            self._order(self._line(self.apple), date_order="2026-01-05 02:30:00")
        self._order(self._line(self.pear), date_order="2026-01-05 10:30:00")
        for order in self.env["sale.order"].search([("partner_id", "=", self.member.id)]):
            order.date_order = "2026-01-05 02:30:00"
        self.apple.categ_id = self.env["product.category"].create({"name": "Fruit"})
        self.env.flush_all()
        self.member.invalidate_recordset()
        self.env["stock.warehouse"]._get_retail_tz(self.env.company)
        self.member.fetch(["commercial_partner_id"])
        with self.assertQueryCount(1):
            self.assertEqual(self.member.retail_favourite_time, "morning", "10:30 in Shanghai")
        self.assertEqual(self.member.retail_favourite_categ_id, self.apple.categ_id)
        self.assertEqual(self.member.retail_favourite_store_id, self.store)
        stranger = self._member()
        self.assertFalse(stranger.retail_favourite_categ_id)
        self.assertFalse(stranger.retail_favourite_time)

    def test_days_between_purchases(self):
        for day in ("2026-01-01", "2026-01-08", "2026-01-31"):
            self.assertEqual(self.member.retail_purchase_days, 0 if day < "2026-01-31" else 7)
            self._order(self._line(self.apple)).date_order = f"{day} 04:00:00"
        self.assertEqual(self.member.retail_purchase_days, 15)

    def test_points_of_valid_cards(self):
        program = self.env["loyalty.program"].create(
            {"name": "Points", "program_type": "loyalty", "company_id": self.company.id}
        )
        gift = self.env["loyalty.program"].create({"name": "Gift", "program_type": "gift_card"})
        self.env["loyalty.card"].create(
            [
                {"program_id": program.id, "partner_id": self.member.id, "points": 120},
                {"program_id": gift.id, "partner_id": self.member.id, "points": 50},
                {
                    "program_id": program.id,
                    "partner_id": self.member.id,
                    "points": 7,
                    "expiration_date": "2020-01-01",
                },
            ]
        )
        self.assertEqual(self.member.retail_points, 120)
        cashier = self._user("cashier")
        self.assertEqual(self.member.with_user(cashier).retail_points, 120)

    def _user(self, role):
        return new_test_user(
            self.env,
            f"form-{role}",
            groups=f"retail_crm.group_{role}",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def test_each_role_opens_the_form(self):
        self._order(self._line(self.apple))
        view = self.env.ref("retail_crm.retail_member_view_form")
        for role in ("guide", "cashier", "service", "store_manager", "retail_admin"):
            with self.subTest(role):
                member = self.member.with_user(self._user(role))
                with Form(member, view=view) as form:
                    form.retail_preference = f"of a {role}"
                self.assertEqual(self.member.retail_preference, f"of a {role}")

    def test_a_guide_enrols_with_the_form(self):
        view = self.env.ref("retail_crm.retail_member_view_form")
        partners = self.env["res.partner"].with_user(self._user("guide"))
        with Form(partners.with_context(default_is_member=True), view=view) as form:
            form.name = '赵"敏" 🙂'
            form.phone = "13900139000"
            with form.retail_social_ids.new() as account:
                account.network = "weibo"
                account.account = "@zhaomin"
        member = form.record
        self.assertEqual(member.name, '赵"敏" 🙂')
        self.assertTrue(member.retail_class_id)
        found = self.env["res.partner"].search([("retail_social_ids.account", "ilike", "zhaom")])
        self.assertEqual(found.ids, member.ids)

    def test_the_order_shows_what_to_mind(self):
        self.member.write({"retail_preference": "Likes pears", "retail_special_need": "No nuts"})
        contact = self.env["res.partner"].create({"name": "Son", "parent_id": self.member.id})
        order = self._order(self._line(self.apple), confirm=False, partner_id=contact.id)
        self.assertEqual(order.retail_preference, "Likes pears")
        self.assertEqual(order.retail_special_need, "No nuts")

    def test_purchases_of_all_channels_net_of_returns(self):
        order = self._order(self._line(self.apple, 4))
        self._deliver(order)
        self._credit(self._invoice(order), {self.apple: 1})
        facts = self.member.retail_recent_fact_ids
        self.assertEqual(sum(facts.mapped("total_company")), 30.0)
        self.assertEqual(set(facts.mapped("event")), {"sold", "returned"})
        action = self.member.action_view_retail_purchases()
        self.assertEqual(self.env["retail.sale.fact"].search(action["domain"]), facts)
