from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import RetailCase


@tagged("post_install", "-at_install")
class TestCustomerClass(RetailCase):
    """Classes: names, deletion, the rules that lift and lower, history, price list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classes = cls.env["retail.customer.class"]
        cls.normal = cls.env.ref("retail_crm.class_normal")
        cls.vip = cls.env.ref("retail_crm.class_vip")
        cls.wholesale = cls.env.ref("retail_crm.class_wholesale")
        cls.wholesale.by_hand = True
        cls.classes.search([]).currency_id = cls.company.currency_id
        cls.gold = cls.classes.create(
            {
                "name": "Test Gold",
                "level": 25,
                "currency_id": cls.company.currency_id.id,
                "upgrade_amount": 100,
                "keep_amount": 50,
                "rule_months": 6,
            }
        )

    def _apply(self):
        return sum(self.classes._apply_rules())

    def _settle(self, member, days=400):
        """Let the last change of class be so long ago."""
        self.env.flush_all()
        past = fields.Datetime.now() - timedelta(days=days)
        for table, column in (("retail_class_history", "partner_id"), ("res_partner", "id")):
            self.env.cr.execute(
                f"UPDATE {table} SET create_date = %s WHERE {column} = %s", [past, member.id]
            )
        self.env.invalidate_all()

    # === NAMES AND DELETION === #

    @mute_logger("odoo.sql_db")
    def test_duplicate_name_is_refused(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.classes.create({"name": "Test Gold"})
        self.gold.active = False
        for name in ("test gold", " TEST GOLD "):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.classes.create({"name": name})

    def test_renaming_keeps_the_members(self):
        self.member.retail_class_id = self.gold
        history = self.member.retail_class_history_ids
        self.gold.write({"name": "Test Platinum", "description": "Better"})
        self.assertEqual(self.member.retail_class_id, self.gold)
        self.assertEqual(self.member.retail_class_history_ids, history)

    def test_a_class_with_members_is_not_deleted(self):
        self.member.retail_class_id = self.gold
        self.member.write({"retail_archive_reason": "Moved away", "active": False})
        with self.assertRaisesRegex(UserError, "1 members, 1 of them archived"):
            self.gold.unlink()
        self.member.retail_class_id = self.normal
        self.gold.unlink()

    def test_member_count(self):
        self.member.retail_class_id = self.gold
        self.assertEqual(self.gold.member_count, 1)
        found = self.env["res.partner"].search(self.gold.action_view_members()["domain"])
        self.assertEqual(found, self.member)

    # === RULES === #

    def test_rules_that_go_round_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "fall again at once"):
            self.gold.keep_amount = 101
        with self.assertRaisesRegex(ValidationError, "same level"):
            self.classes.create({"name": "Test Twin", "level": 25, "upgrade_orders": 3})

    def test_who_spent_enough_rises(self):
        self._order(self._line(self.apple, 9))
        self.assertEqual(self._apply(), 0)
        self._order(self._line(self.apple, 1))
        self.assertEqual(self._apply(), 1)
        self.assertEqual(self.member.retail_class_id, self.gold)
        self.assertRecordValues(
            self.member.retail_class_history_ids[:1],
            [
                {
                    "old_class_id": self.normal.id,
                    "new_class_id": self.gold.id,
                    "reason": "upgrade",
                }
            ],
        )
        self.assertIn("2 purchases within 6 months", self.member.retail_class_history_ids[0].note)
        self.assertEqual(self._apply(), 0, "once")

    def test_what_was_returned_or_is_old_does_not_count(self):
        order = self._order(self._line(self.apple, 10))
        self._deliver(order)
        self._credit(self._invoice(order), {self.apple: 1})
        self._order(self._line(self.apple, 20)).date_order = "2020-01-01 10:00:00"
        self.assertEqual(self._apply(), 0)

    def test_the_best_class_reached(self):
        best = self.classes.create(
            {"name": "Test Diamond", "level": 40, "upgrade_orders": 2, "upgrade_amount": 9999}
        )
        best.currency_id = self.company.currency_id
        self._order(self._line(self.apple, 9))
        self._order(self._line(self.apple, 1))
        self._apply()
        self.assertEqual(self.member.retail_class_id, best)

    def test_who_keeps_it_no_more_falls(self):
        self.member.retail_class_id = self.gold
        self.assertEqual(self._apply(), 0, "given by hand today: stays for its months")
        self._settle(self.member)
        self.assertEqual(self._apply(), 1)
        self.assertEqual(self.member.retail_class_id, self.normal)
        self.assertEqual(self.member.retail_class_history_ids[0].reason, "downgrade")

    def test_who_keeps_it_stays(self):
        self.member.retail_class_id = self.gold
        self._settle(self.member)
        self._order(self._line(self.apple, 5))
        self.assertEqual(self._apply(), 0)

    def test_classes_by_hand_are_left_alone(self):
        self.member.retail_class_id = self.wholesale
        self._order(self._line(self.apple, 50))
        self._settle(self.member)
        self.assertEqual(self._apply(), 0)

    def test_change_by_hand_is_filed(self):
        user = self._user("guide")
        self.member.with_user(user).retail_class_id = self.vip
        history = self.member.retail_class_history_ids[0]
        self.assertEqual((history.reason, history.create_uid), ("hand", user))
        with self.assertRaises(AccessError):
            history.with_user(user).write({"note": "x"})
        with self.assertRaises(AccessError):
            history.with_user(self._user("retail_admin")).unlink()

    def _user(self, role):
        return new_test_user(
            self.env,
            f"class-{role}",
            groups=f"retail_crm.group_{role}",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def test_who_applies_the_rules(self):
        self._order(self._line(self.apple, 10))
        with self.assertRaises(AccessError):
            self.classes.with_user(self._user("store_manager")).action_apply_rules()
        result = self.classes.with_user(self._user("retail_admin")).action_apply_rules()
        self.assertIn("1", result["params"]["message"])

    # === PRICE LIST === #

    def test_members_get_the_price_list_of_their_class(self):
        feature = self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_user").implied_ids += feature
        lists = self.env["product.pricelist"]
        own, listed = lists.create([{"name": "Own"}, {"name": "Gold list"}])
        self.gold.pricelist_id = listed
        self.member.retail_class_id = self.gold
        self.assertEqual(self.member.property_product_pricelist, listed)
        order = self._order(self._line(self.apple), confirm=False)
        self.assertEqual(order.pricelist_id, listed)
        self.member.property_product_pricelist = own
        self.assertEqual(self.member.property_product_pricelist, own, "the own one goes first")
        self.member.property_product_pricelist = False
        self.member.invalidate_recordset()
        self.assertEqual(self.member.property_product_pricelist, listed)
        self.member.retail_class_id = self.normal
        self.assertNotEqual(self.member.property_product_pricelist, listed)
