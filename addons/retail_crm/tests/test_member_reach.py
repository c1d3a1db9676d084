from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_privacy import PrivacyCase

NARROW = ("cashier", "guide")
WIDE = ("service", "promotion", "order_clerk", "accountant", "store_manager", "admin")


@tagged("post_install", "-at_install")
class TestMemberReach(PrivacyCase):
    """What shows a member shows guides and cashiers their own members, other roles all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {}
        for role in (*NARROW, *WIDE):
            user = new_test_user(cls.env, login=f"reach_{role}", groups="base.group_user")
            user.retail_store_ids = cls.store
            role_record = cls.env.ref(f"retail_crm.role_{role}")
            user.role_line_ids = [(0, 0, {"role_id": role_record.id})]
            cls.users[role] = user
        cls.product = cls.env["product.product"].create({"name": "Reach Tea"})
        cls.both = cls.member + cls.other
        for number, (member, store) in enumerate(
            (
                (cls.member, cls.store),
                (cls.other, cls.store_two),
                (None, cls.store),
                (None, cls.store_two),
                (cls.stranger, cls.store_two),
                (cls.member, cls.store_two),
            )
        ):
            cls._sell(number, member, store)
        cls.env["retail.social.account"].create(
            [{"partner_id": member.id, "account": "tea_lover_99"} for member in cls.both]
        )
        cls.both.retail_class_id = cls.env.ref("retail_crm.class_vip")

    @classmethod
    def _sell(cls, number, member, store):
        now = fields.Datetime.now()
        cls.env["retail.sale.fact"]._upsert(
            [
                {
                    "source_model": "reach",
                    "source_line": str(number),
                    "event": "sold",
                    "basket": f"reach,{number}",
                    "document": f"R{number}",
                    "sold_at": now,
                    "day": now.date(),
                    "company_id": store.company_id.id,
                    "store_id": store.id,
                    "partner_id": member.id if member else None,
                    "product_id": cls.product.id,
                    "qty": 1,
                    "currency_id": store.company_id.currency_id.id,
                    "total_company": 5.0,
                }
            ]
        )
        if member:
            cls.env["retail.member.figure"]._refresh([member.id])

    def _seen(self, model, user):
        return self.env[model].with_user(user).search([("partner_id", "in", self.both.ids)])

    def _documents(self, user):
        facts = self.env["retail.sale.fact"].with_user(user)
        return set(facts.search([("source_model", "=", "reach")]).mapped("document"))

    def test_models_of_one_member(self):
        for model in ("retail.member.figure", "retail.social.account", "retail.class.history"):
            for role, user in self.users.items():
                expected = self.member if role in NARROW else self.both
                with self.subTest(model=model, role=role):
                    self.assertEqual(self._seen(model, user).sudo().partner_id, expected)
        for role in NARROW:
            user = self.users[role]
            figures = self.env["retail.member.figure"].with_user(user)
            groups = figures._read_group([], ["partner_id"])
            self.assertNotIn(self.other.id, [partner.id for (partner,) in groups])
            hidden = self._seen("retail.member.figure", self.env.user) - self._seen(
                "retail.member.figure", user
            )
            with self.assertRaises(AccessError):
                hidden.with_user(user).read(["amount"])

    def test_sold_lines(self):
        for role, user in self.users.items():
            # The own members wherever they bought, and whatever the own store sold.
            expected = {"R0", "R2", "R5"} if role in NARROW else {f"R{n}" for n in range(6)}
            with self.subTest(role):
                self.assertEqual(self._documents(user), expected)

    def test_who_finds_a_member_sees_what_the_member_bought(self):
        guide = self.users["guide"]
        self.env["res.partner"].with_user(guide).retail_find_exact("priv-2")
        self.assertIn("R1", self._documents(guide))
        self.assertEqual(self._seen("retail.member.figure", guide).sudo().partner_id, self.both)
        form = self.other.with_user(guide).read(["retail_recent_fact_ids", "retail_spent"])[0]
        self.assertEqual(len(form["retail_recent_fact_ids"]), 1)
        self.assertEqual(form["retail_spent"], 5.0)

    def test_whose_staff_moves_to_another_store_moves_the_reach(self):
        guide = self.users["guide"]
        partners = self.env["res.partner"].with_user(guide)
        self.assertEqual(partners.search([("id", "in", self.both.ids)]), self.member)
        self.store.retail_staff_ids -= guide
        self.store_two.retail_staff_ids += guide
        self.assertEqual(partners.search([("id", "in", self.both.ids)]), self.other)
        self.assertEqual(self._documents(guide), {"R1", "R3", "R4", "R5"})
        guide.retail_store_ids = self.store
        self.assertEqual(partners.search([("id", "in", self.both.ids)]), self.member)
        self.assertEqual(self._documents(guide), {"R0", "R2", "R5"})

    def test_the_field_of_the_rules_is_no_way_in(self):
        guide = self.users["guide"]
        with self.assertRaises(AccessError):
            self.member.with_user(guide).read(["retail_in_reach"])
        reach = self.env["res.partner"].with_user(guide).sudo()
        self.assertEqual(
            reach.search([("id", "in", self.both.ids), ("retail_in_reach", "=", False)]),
            self.other,
        )

    def test_a_handle_is_masked(self):
        guide, service = self.users["guide"], self.users["service"]
        account = self.member.retail_social_ids
        row = account.with_user(guide).read(["account", "display_name"])[0]
        self.assertEqual((row["account"], row["display_name"]), ("te***", "te***"))
        accounts = self.env["retail.social.account"].with_user(guide)
        domain = [("partner_id", "=", self.member.id)]
        self.assertEqual(accounts.name_search("tea_lov"), [])
        self.assertEqual(accounts.search([*domain, ("account", "ilike", "tea")]), accounts)
        self.assertEqual(accounts.search([*domain, ("account", "=", "tea_lover_99")]), account)
        self.assertEqual(account.with_user(service).read(["account"])[0]["account"], "tea_lover_99")
        form = self.member.with_user(guide).web_read(
            {"retail_social_ids": {"fields": {"account": {}, "display_name": {}}}}
        )
        self.assertNotIn("lover", repr(form))
        members = self.env["res.partner"].with_user(guide)
        self.assertFalse(members.search([("retail_social_ids.account", "ilike", "tea_l")]))
        self.assertEqual(
            members.search([("retail_social_ids.account", "=", "tea_lover_99")]), self.member
        )
        with self.assertRaises(AccessError):
            accounts._read_group([], ["account"])
        with self.assertRaises(UserError):
            account.with_user(guide).account = "te***"
