from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .common_privacy import MAIL, PHONE, PrivacyCase


@tagged("post_install", "-at_install")
class TestReveal(PrivacyCase):
    """Showing contact data for a while, the members of a guide, and the exact lookup."""

    def _rows(self, kind):
        return self.env["retail.audit.log"].search(
            [("kind", "=", kind), ("user_id", "=", self.guide.id)]
        )

    # === REVEAL === #

    def test_shown_to_one_user_for_ten_minutes_and_filed(self):
        seen = self.member.with_env(self.as_guide)
        self.assertTrue(seen.retail_contact_hidden)
        seen.action_retail_reveal()
        self.assertEqual(seen.read(["phone"])[0]["phone"], PHONE)
        self.env.invalidate_all()
        self.assertFalse(seen.retail_contact_hidden)
        row = self._rows("reveal")
        self.assertRecordValues(row, [{"user_id": self.guide.id, "res_id": self.member.id}])
        cashier = self._user("cashier")
        self.assertEqual(self.member.with_user(cashier).read(["phone"])[0]["phone"], "138****5678")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.assertEqual(seen.read(["phone"])[0]["phone"], "138****5678")

    def test_reason_is_filed(self):
        self.member.with_env(self.as_guide).retail_reveal("wants to be called")
        self.assertEqual(self._rows("reveal").detail, "wants to be called")

    def test_who_may_not(self):
        office = new_test_user(self.env, login="privacy_office", groups="base.group_user")
        self.assertTrue(self.member.with_user(office).retail_contact_hidden)
        with self.assertRaises(AccessError):
            self.member.with_user(office).retail_reveal()
        with self.assertRaises(AccessError):
            self.other.with_env(self.as_guide).retail_reveal()
        with self.assertRaises(AccessError):
            self.as_guide["retail.contact.grant"].create(
                {
                    "user_id": self.guide.id,
                    "partner_id": self.member.id,
                    "kind": "reveal",
                    "until": "2099-01-01 00:00:00",
                }
            )

    def test_expired_access_is_collected(self):
        grants = self.env["retail.contact.grant"]
        grants.with_user(self.guide)._grant("reveal", self.member, 10)
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            grants._gc_expired()
        self.assertFalse(grants.search([("user_id", "=", self.guide.id)]))

    # === WHOSE MEMBERS === #

    def test_a_guide_lists_the_members_of_the_own_stores(self):
        partners = self.as_guide["res.partner"]
        everyone = self.member + self.other + self.stranger
        domain = [("id", "in", everyone.ids)]
        self.assertEqual(partners.search(domain), self.member + self.stranger)
        with self.assertRaises(AccessError):
            self.other.with_env(self.as_guide).read(["name"])
        self.other.retail_guide_id = self.guide
        self.assertIn(self.other, partners.search(domain))
        self.other.write({"retail_guide_id": False, "retail_store_id": False})
        self.assertIn(self.other, partners.search(domain), "a member of no store is everybody's")
        for role in ("cashier", "service", "store_manager", "retail_admin"):
            user = self.service if role == "service" else self._user(role)
            with self.subTest(role):
                self.assertEqual(partners.with_user(user).search(domain), everyone)

    def test_a_guide_keeps_the_orders_of_members_of_other_stores(self):
        self.guide.group_ids += self.env.ref("sales_team.group_sale_salesman")
        order = self.env["sale.order"].create(
            {"partner_id": self.other.id, "user_id": self.guide.id}
        )
        with Form(order.with_env(self.as_guide)) as form:
            form.client_order_ref = "A1"
        self.assertEqual(order.client_order_ref, "A1")
        self.assertIn(self.other, self.as_guide["res.partner"].search([]))

    def test_a_guide_reads_complaints_of_members_of_other_stores(self):
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Torn",
                "description": "Torn",
                "retail_kind": "complaint",
                "retail_store_id": self.store.id,
                "partner_id": self.other.id,
                "partner_email": MAIL,
            }
        )
        view = self.env["helpdesk.ticket"].get_views([(False, "form")])
        names = view["models"]["helpdesk.ticket"]["fields"]
        rows = ticket.with_env(self.as_guide).web_read(
            {name: {} for name in names if name in ticket._fields}
        )
        self.assertEqual(rows[0]["partner_id"], self.other.id)

    # === EXACT LOOKUP === #

    def test_exact_values_find_members_of_any_store(self):
        partners = self.as_guide["res.partner"]
        for text in (
            "13987654321",
            "+86 139 8765 4321",
            "0086 13987654321",
            "139-8765-4321",
            "LiLei@example.com ",
            "priv-2",
        ):
            with self.subTest(text):
                cards = partners.retail_find_exact(text)
                self.assertEqual([card["id"] for card in cards], self.other.ids)
                self.assertEqual(cards[0]["phone"], "+86 139****4321")
                self.assertEqual(cards[0]["store"], "Store Two")
        self.assertEqual(len(self._rows("lookup")), 6)
        self.other.with_env(self.as_guide).check_access("write")

    def test_parts_find_nobody_and_are_filed(self):
        partners = self.as_guide["res.partner"]
        for text in ("1398765", "lilei", "PRIV-_", "%", "Li Lei", "letters", "+86"):
            with self.subTest(text):
                self.assertEqual(partners.retail_find_exact(text), [])
        self.assertEqual(len(self._rows("lookup")), 7)
        self.assertFalse(self.env["retail.contact.grant"].search([("user_id", "=", self.guide.id)]))
        with self.assertRaises(UserError):
            partners.retail_find_exact("  ")
        office = new_test_user(self.env, login="privacy_office", groups="base.group_user")
        with self.assertRaises(AccessError):
            partners.with_user(office).retail_find_exact("priv-2")

    def test_who_serves_nobody_looks_up_nobody(self):
        for role in ("promotion", "order_clerk", "accountant", "store_manager"):
            user = self._user(role)
            partners = self.env["res.partner"].with_user(user)
            with self.subTest(role):
                if role == "store_manager":
                    self.assertTrue(partners.retail_find_exact("priv-2"))
                else:
                    with self.assertRaises(AccessError):
                        partners.retail_find_exact("priv-2")
                menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
                menu = self.env.ref("retail_crm.menu_retail_member_lookup")
                self.assertEqual(menu.id in menus, role == "store_manager")

    def test_so_many_lookups_in_an_hour_and_no_more(self):
        self.env["ir.config_parameter"].set_param("retail_crm.lookup_limit", "3")
        partners = self.as_guide["res.partner"]
        for text in ("priv-2", "13987654321", "nobody"):
            partners.retail_find_exact(text)
        with self.enter_registry_test_mode():
            refusal = ""
            try:  # assertRaises would roll back what stays in real life
                partners.retail_find_exact("priv-1")
            except UserError as error:
                refusal = str(error)
        self.assertIn("3 members within an hour", refusal)
        self.assertEqual(len(self._rows("lookup")), 3)
        self.assertEqual(len(self._rows("lookup_refused")), 1)
        cashier = self._user("cashier")
        self.assertTrue(partners.with_user(cashier).retail_find_exact("priv-1"))
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self.assertTrue(partners.retail_find_exact("priv-1"))
        self.env["ir.config_parameter"].set_param("retail_crm.lookup_limit", "0")
        self.assertTrue(partners.retail_find_exact("priv-1"))

    def test_members_who_share_a_land_line(self):
        members = self.env["res.partner"].create(
            [
                {"name": name, "is_member": True, "phone": phone, "retail_shared_phone": True}
                for name, phone in (("Shop A", "021-6233 4455"), ("Shop B", "+86 21 62334455"))
            ]
        )
        cards = self.as_guide["res.partner"].retail_find_exact("02162334455")
        self.assertEqual({card["id"] for card in cards}, set(members.ids))

    def test_dialog(self):
        form = Form(self.as_guide["retail.member.lookup"])
        form.text = "13987654321"
        lookup = form.save()
        lookup.action_find()
        self.assertEqual(lookup.partner_ids, self.other)
        self.assertEqual(lookup.partner_ids.action_retail_open()["res_id"], self.other.id)
        self.assertNotIn("4321987", repr(lookup.partner_ids.read(["name", "phone"])))
