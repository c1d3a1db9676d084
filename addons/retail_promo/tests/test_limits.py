from datetime import date, timedelta

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestLimits(PromoCommon):
    """What orders take from the limits of promotions, and what is left for others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(100)
        cls.member = cls._member("Ann")
        cls.usage = cls.env["retail.promotion.usage"]

    @classmethod
    def _member(cls, name):
        email = f"{name.lower()}@example.com"
        return cls.env["res.partner"].create({"name": name, "is_member": True, "email": email})

    def _sold(self, qty=1, **values):
        order = self._order((self.goods, qty), **values)
        order.action_confirm()
        return order

    def _rows(self, order):
        return self.usage.search([("document", "=", f"sale.order,{order.id}")])

    # === WHAT IS WRITTEN === #

    def test_confirmed_order_is_in_the_ledger_once(self):
        promotion = self._promotion(percent=10)
        order = self._sold(2, partner_id=self.member.id)
        row = self._rows(order)
        self.assertRecordValues(
            row,
            [
                {
                    "promotion_id": promotion.id,
                    "version": 1,
                    "state": "consumed",
                    "orders": 1,
                    "units": 0,
                    "amount": 20.0,
                    "first_amount": 20.0,
                    "partner_id": self.member.id,
                    "store_id": order.retail_store_id.id,
                    "company_id": self.company.id,
                    "name": order.name,
                    "over_limit": False,
                }
            ],
        )
        order._retail_promo_take()
        self.assertEqual(self._rows(order), row)
        self.assertEqual(promotion.used_orders, 1)

    def test_quotation_and_order_without_discount_take_nothing(self):
        self._promotion(percent=10, min_amount=1000, limit_orders=5)
        self.assertFalse(self._rows(self._order((self.goods, 20))))
        self.assertFalse(self._rows(self._sold(1)))

    def test_cancelled_order_gives_back_and_can_take_again(self):
        promotion = self._promotion(percent=10, limit_orders=1)
        order = self._sold()
        self.assertGives(self._order((self.goods, 1)), 0)
        order._action_cancel()
        self.assertRecordValues(
            self._rows(order), [{"state": "released", "orders": 0, "amount": 0, "first_amount": 10}]
        )
        self.assertEqual(promotion.used_orders, 0)
        self.assertGives(self._order((self.goods, 1)), 10)
        order.action_draft()
        order.action_confirm()
        self.assertRecordValues(self._rows(order), [{"state": "consumed", "orders": 1}])
        self.assertGives(self._order((self.goods, 1)), 0)

    # === LIMITS === #

    def test_times_in_all(self):
        promotion = self._promotion(percent=10, limit_orders=2)
        self._sold()
        second = self._sold()
        self.assertGives(second, 10)
        third = self._order((self.goods, 1))
        self.assertGives(third, 0)
        outcome = third._retail_promo_outcome(explain=True)
        self.assertEqual(outcome["rejected"], [{"program": promotion.id, "reason": "quota"}])
        self.assertEqual((promotion.used_percent, promotion.left_text), (100.0, "0 times"))

    def test_budget_caps_the_last_order(self):
        promotion = self._promotion(percent=10, limit_budget=25)
        self._sold(2)
        last = self._order((self.goods, 2))
        self.assertGives(last, 5)
        last.action_confirm()
        self.assertGives(self._order((self.goods, 1)), 0)
        self.assertEqual(promotion.used_amount, 25)

    def test_times_per_member_over_all_orders(self):
        self._promotion(percent=10, limit_member_orders=1)
        self._sold(partner_id=self.member.id)
        self.assertGives(self._order((self.goods, 1), partner_id=self.member.id), 0)
        other = self._member("Bob")
        self.assertGives(self._order((self.goods, 1), partner_id=other.id), 10)
        contact = self.env["res.partner"].create({"name": "At Ann's", "parent_id": self.member.id})
        self.assertGives(self._order((self.goods, 1), partner_id=contact.id), 0)
        self.assertGives(self._order((self.goods, 1)), 0)

    def test_limits_of_a_member_go_along_in_a_merge_and_come_back(self):
        self._promotion(percent=10, limit_member_orders=2)
        twin = self._member("Bea")
        twin_id = twin.id
        mine = self._sold(partner_id=self.member.id)
        theirs = self._sold(partner_id=twin_id)
        snapshot = self.member._retail_merge(twin)
        self.assertEqual((self._rows(mine) + self._rows(theirs)).partner_id, self.member)
        self.assertGives(self._order((self.goods, 1), partner_id=self.member.id), 0)
        snapshot._restore()
        self.assertEqual(self._rows(theirs).partner_id.id, twin_id)
        self.assertGives(self._order((self.goods, 1), partner_id=self.member.id), 10)
        self._sold(partner_id=twin_id)
        self.assertGives(self._order((self.goods, 1), partner_id=twin_id), 0)

    def test_times_per_member_and_day(self):
        self._promotion(
            percent=10,
            limit_member_orders=1,
            limit_member_period="day",
            date_from=self.now - timedelta(days=9),
        )
        self._sold(partner_id=self.member.id)
        again = self._order((self.goods, 1), partner_id=self.member.id)
        self.assertGives(again, 0)
        again.date_order = self.now + timedelta(days=1)
        self.assertGives(again, 10)

    def test_pieces_per_store_and_in_all(self):
        """Pieces, as a reward that counts them takes them."""
        promotion = self._promotion(percent=10)
        # Publishing refuses it for percentages; the ledger doesn't care what counts pieces.
        promotion.sudo().write({"state": "paused"})
        promotion.write({"limit_units": 10, "limit_store_units": 6, "limit_member_units": 4})
        entry = {"promotion_id": promotion.id, "version": 1, "orders": 1, "amount": 1.0}
        header = self._sold()._retail_promo_usage_header()
        store = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)])[0]
        header.update(document="sale.order,0", partner_id=self.member.id, store_id=store.id)
        self.usage._settle(header, [{**entry, "units": 4}])
        promotion.sudo().write({"state": "running"})
        cart = {
            "now": str(header["day"]) + "T10:00:00",
            "store": header["store_id"],
            "member": {"id": self.member.id},
        }
        used = self.env["retail.promotion"]._limits_used(self.company, cart)
        expected = {"units": 4, "store_units": 4, "member_units": 4}
        self.assertEqual(used, {str(promotion.id): expected})
        cart.update(store=header["store_id"] + 1, member=None)
        used = self.env["retail.promotion"]._limits_used(self.company, cart)
        self.assertEqual(used, {str(promotion.id): {"units": 4, "store_units": 0}})
        with self.assertRaises(UserError):
            self.usage._settle(
                {**header, "document": "sale.order,-1", "partner_id": False},
                [{**entry, "units": 3}],
            )

    def test_flash_sale_ends_with_its_quota(self):
        """Five pieces at 60, three of them per member."""
        promotion = self._promotion(
            reward_kind="price", reward_price=60, limit_units=5, limit_member_units=3
        )
        self.assertGives(self._sold(4, partner_id=self.member.id), 120)
        self.assertRecordValues(promotion.usage_ids, [{"units": 3, "orders": 1, "amount": 120}])
        other = self._member("Bob")
        self.assertGives(self._sold(4, partner_id=other.id), 80)
        self.assertEqual((promotion.used_units, promotion.left_text), (5, "0 pieces"))
        self.assertGives(self._order((self.goods, 1), partner_id=other.id), 0)

    def test_another_company_has_its_own(self):
        self._promotion(percent=10, limit_orders=1)
        self._sold()
        other = self.setup_other_company()["company"]
        cart = {"now": "2026-01-01T10:00:00"}
        self.assertEqual(self.env["retail.promotion"]._limits_used(other, cart), {})

    # === TOO LATE === #

    def test_who_is_too_late_is_told_before_confirming(self):
        self._promotion(percent=10, limit_orders=1)
        first = self._order((self.goods, 1))
        second = self._order((self.goods, 1))
        self.assertGives(second, 10)
        first.action_confirm()
        with self.assertRaises(RedirectWarning) as caught, self.cr.savepoint():
            second.action_confirm()
        self.assertIn("isn't confirmed", caught.exception.args[0])
        self.assertRecordValues(second, [{"state": "draft"}])
        self.assertGives(second, 10)
        action = self.env["ir.actions.server"].browse(caught.exception.args[1])
        action.with_context(**caught.exception.args[3]).run()
        self.assertGives(second, 0)
        second.action_confirm()
        self.assertEqual((second.state, second.amount_total), ("sale", 100))

    def test_two_at_once_in_one_confirmation(self):
        """The list's button confirms many: the last piece is given once, or nothing is done."""
        promotion = self._promotion(percent=10, limit_orders=1)
        orders = self._order((self.goods, 1)) | self._order((self.goods, 1))
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["draft", "draft"])
        self.assertEqual(promotion.used_orders, 0)

    def test_what_was_signed_stands_and_is_filed(self):
        promotion = self._promotion(percent=10, limit_orders=1)
        agreed = self._order((self.goods, 1))
        agreed.signed_on = self.now
        self._sold()
        agreed.action_confirm()
        self.assertGives(agreed, 10)
        self.assertTrue(self._rows(agreed).over_limit)
        difference = self.env["retail.promotion.difference"].search(
            [("document", "=", f"sale.order,{agreed.id}")]
        )
        self.assertRecordValues(difference, [{"till_amount": 10, "server_amount": 0}])
        self.assertEqual(promotion.used_orders, 2)

    # === RESERVATIONS === #

    def _header(self, document, **values):
        return {
            "document": document,
            "name": document,
            "company_id": self.company.id,
            "currency_id": self.currency.id,
            "store_id": None,
            "used_at": self.now,
            "day": date(2026, 1, 2),
            **values,
        }

    def _wish(self, promotion, **values):
        wish = {"promotion_id": promotion.id, "version": 1, "orders": 1, "units": 0, "amount": 10.0}
        return {**wish, **values}

    def test_reservation_holds_until_it_expires(self):
        promotion = self._promotion(percent=10, limit_orders=1)
        granted = self.usage._reserve(self._header("till,a"), [self._wish(promotion)], 60)
        self.assertEqual(granted, {promotion.id: {"orders": 1, "units": 0, "amount": 10.0}})
        self.assertFalse(self.usage._reserve(self._header("till,b"), [self._wish(promotion)], 60))
        self.assertGives(self._order((self.goods, 1)), 0)
        row = self.usage._of_document("till,a")
        row.expires_at = self.now - timedelta(minutes=1)
        self.usage._free_expired()
        self.assertFalse(row.exists())
        self.assertGives(self._order((self.goods, 1)), 10)

    def test_reserving_again_changes_nothing(self):
        promotion = self._promotion(percent=10, limit_orders=1)
        header, wish = self._header("till,a"), self._wish(promotion)
        self.assertEqual(
            self.usage._reserve(header, [wish], 60), self.usage._reserve(header, [wish], 60)
        )
        self.assertEqual(promotion.used_orders, 1)
        self.usage._settle(header, [wish])
        self.assertTrue(self.usage._reserve(header, [wish], 60))
        self.assertEqual(self.usage._of_document("till,a").state, "consumed")

    def test_reservation_grants_what_is_left(self):
        promotion = self._promotion(percent=10, limit_budget=25)
        header = self._header("till,a")
        self.usage._reserve(header, [self._wish(promotion, amount=18.0)], 60)
        granted = self.usage._reserve(self._header("till,b"), [self._wish(promotion)], 60)
        self.assertEqual(granted[promotion.id]["amount"], 7.0)
        self.usage._release(["till,a"])
        granted = self.usage._reserve(self._header("till,b"), [self._wish(promotion)], 60)
        self.assertEqual(granted[promotion.id]["amount"], 10.0)

    def test_sale_from_a_slice_moves_no_counter(self):
        promotion = self._promotion(percent=10, limit_orders=5)
        header = self._header("slice,1", kind="slice")
        self.usage._reserve(header, [self._wish(promotion, orders=3, amount=0.0)], 60)
        share = self.usage._of_document("slice,1")
        self.usage._settle(self._header("till,a"), [self._wish(promotion)], slices=share)
        self.assertEqual((share.orders, promotion.used_orders), (2, 3))
        self.usage._release(["slice,1"])
        self.assertEqual(promotion.used_orders, 1)
        self.assertEqual(self._left(promotion), 4)

    def _left(self, promotion):
        cart = {"now": "2026-01-02T10:00:00"}
        used = self.env["retail.promotion"]._limits_used(self.company, cart)
        return promotion.limit_orders - used[str(promotion.id)]["orders"]

    # === THE FORM === #

    def test_limit_below_what_is_used_is_refused_with_the_number(self):
        promotion = self._promotion(percent=10)
        for _number in range(3):
            self._sold(partner_id=self.member.id)
        promotion.action_pause()
        with self.assertRaisesRegex(ValidationError, "3 are used already"), self.cr.savepoint():
            promotion.limit_orders = 2
        with (
            self.assertRaisesRegex(ValidationError, r"30\.00.* are used already"),
            self.cr.savepoint(),
        ):
            promotion.limit_budget = 29.99
        with self.assertRaisesRegex(ValidationError, "3 are used already"), self.cr.savepoint():
            promotion.limit_member_orders = 2
        promotion.write({"limit_orders": 4, "limit_budget": 31, "limit_member_orders": 4})
        promotion.action_resume()
        last = self._order((self.goods, 1), partner_id=self.member.id)
        self.assertGives(last, 1)
        last.action_confirm()
        self.assertGives(self._order((self.goods, 1)), 0)

    def test_limits_change_only_in_draft_or_paused_and_raise_the_version(self):
        promotion = self._promotion(percent=10)
        with self.assertRaises(UserError):
            promotion.limit_orders = 5
        promotion.action_pause()
        promotion.limit_orders = 5
        self.assertEqual(promotion.version, 2)
        self.assertEqual(promotion._engine_program()["limits"], {"orders": 5})

    def test_pieces_of_a_percentage_are_refused(self):
        with self.assertRaisesRegex(UserError, "counts no pieces"):
            self._promotion(percent=10, limit_units=5)

    def test_form_shows_what_is_left(self):
        promotion = self._promotion(percent=10, limit_orders=4)
        self._sold()
        form = Form(promotion)
        self.assertEqual((form.used_percent, form.left_text), (25.0, "3 times"))

    def test_counters_equal_the_ledger_after_counting_anew(self):
        promotion = self._promotion(percent=10, limit_orders=9, limit_member_orders=9)
        self._sold(partner_id=self.member.id)
        self._sold(partner_id=self._member("Bob").id)
        self._sold(partner_id=self.member.id)._action_cancel()
        before = self._counters(promotion)
        self.env["retail.promotion.counter"]._rebuild(promotion)
        after = self._counters(promotion)
        self.assertEqual(before["all"], (2, 0, 20.0))
        member = f"member,{self.member.id},life"
        self.assertEqual((after["all"], after[member]), (before["all"], before[member]))

    def _counters(self, promotion):
        self.env.cr.execute(
            "SELECT key, orders, units, amount FROM retail_promotion_counter"
            " WHERE promotion_id = %s",
            [promotion.id],
        )
        return {key: (*rest, float(amount)) for key, *rest, amount in self.env.cr.fetchall()}

    # === RIGHTS === #

    def test_who_may_read_the_ledger(self):
        """Managers and accountants read it, who sells doesn't; nobody writes it."""
        self._promotion(percent=10, limit_orders=5)
        row = self._rows(self._sold())
        for role, reads in (
            ("promotion", True),
            ("store_manager", True),
            ("accountant", True),
            ("guide", False),
            ("cashier", False),
            ("order_clerk", False),
        ):
            user = self._user_of(role)
            with self.subTest(role=role):
                self.assertEqual(row.with_user(user).has_access("read"), reads)
                for right in ("write", "create", "unlink"):
                    self.assertFalse(row.with_user(user).has_access(right), right)

    def _user_of(self, role, company=None):
        company = company or self.company
        return new_test_user(
            self.env,
            login=f"limit_{role}_{company.id}",
            groups=f"base.group_user,retail_crm.group_{role}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def test_ledger_of_another_company_is_hidden(self):
        self._promotion(percent=10, limit_orders=5)
        row = self._rows(self._sold())
        other = self.setup_other_company()["company"]
        self.assertFalse(row.with_user(self._user_of("store_manager", other)).has_access("read"))

    def test_who_sells_takes_from_limits_without_reading_them(self):
        promotion = self._promotion(percent=10, limit_orders=1)
        seller = new_test_user(
            self.env,
            login="limit_seller",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        order = self._order((self.goods, 1)).with_user(seller)
        order.action_confirm()
        self.assertEqual((order.state, promotion.used_orders), ("sale", 1))
        order.order_line[0].product_uom_qty = 0
        self.assertEqual(promotion.used_orders, 0)
