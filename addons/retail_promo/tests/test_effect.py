from datetime import datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestEffect(PromoCommon):
    """The figures of promotions, on examples that are worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        cls.tea = cls._goods(100, name="Tea", standard_price=40)
        cls.bread = cls._goods(10, name="Bread", standard_price=4)
        cls.cup = cls._goods(8, name="Cup", standard_price=3)
        cls.vip = cls.env.ref("retail_crm.class_vip")
        cls.ann = cls._member("Ann", cls.vip)
        cls.bob = cls._member("Bob", cls.env.ref("retail_crm.class_normal"))
        cls.store = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.store.is_store = True
        cls.today = fields.Date.today()

    @classmethod
    def _member(cls, name, member_class):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_member": True,
                "email": f"{name.lower()}@example.com",
                "retail_class_id": member_class.id,
            }
        )

    def _percent(self, **values):
        return self._promotion(
            product_scope="some", product_ids=[Command.set(self.tea.ids)], **values
        )

    def _sale(self, *lines, partner=None):
        partner = partner or self.ann
        order = self._order(*lines, partner_id=partner.id, retail_store_id=self.store.id)
        order.action_confirm()
        return order

    def _return(self, note, quantities):
        """Post a credit note with these quantities, as its form does."""
        note = self.env["account.move"].browse(note.id)  # without the context it was made in
        goods = note.invoice_line_ids.filtered(lambda line: line.product_id in quantities)
        note.invoice_line_ids = [
            Command.update(line.id, {"quantity": quantities[line.product_id]}) for line in goods
        ]
        note.action_post()

    def _sold_on(self, day, amount, partner, product=None):
        """Write a sold line of a day, at a cost of 40 percent, as an import of history does."""
        product = product or self.tea
        key = f"{day},{partner.id},{product.id}"
        self.env["retail.sale.fact"]._upsert(
            [
                {
                    "source_model": "retail.import.history",
                    "source_line": key,
                    "event": "sold",
                    "basket": f"history,{key}",
                    "document": key,
                    "sold_at": datetime.combine(day, time(12)),
                    "day": day,
                    "company_id": self.company.id,
                    "store_id": self.store.id,
                    "partner_id": partner.id,
                    "product_id": product.id,
                    "qty": amount / 100,
                    "price_subtotal": amount,
                    "price_total": amount,
                    "price_tax": 0,
                    "discount_amount": 0,
                    "promotion_amount": 0,
                    "cost": amount * 0.4,
                    "currency_id": self.currency.id,
                    "amount_company": amount,
                    "total_company": amount,
                }
            ]
        )

    def assertFigures(self, promotion, **expected):
        figures = promotion._effect_figures()
        self.assertEqual({name: figures[name] for name in expected}, expected)

    # === ORDERS === #

    def test_an_order_moves_the_figures(self):
        promotion = self._percent()
        self.assertFigures(promotion, orders=None, partner_id=0, roi=None)
        order = self._sale((self.tea, 2), (self.bread, 1))
        self.assertEqual(order.amount_total, 190)
        # 180 of tea and 10 of bread, at a cost of 2 * 40 + 4
        self.assertFigures(
            promotion, orders=1, partner_id=1, qty=3, sales=190, discount=20, margin=106
        )
        self._sale((self.bread, 5))
        self._sale((self.tea, 1), partner=self.ann)
        self.assertFigures(
            promotion, orders=2, partner_id=1, qty=4, sales=280, discount=30, margin=156
        )

    def test_returns_take_their_part_back(self):
        promotion = self._percent()
        order = self._sale((self.tea, 2), (self.bread, 1))
        invoice = order._create_invoices()
        invoice.action_post()
        note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        self._return(note, {self.tea: 1, self.bread: 0})
        # one tea of 90 at a cost of 40 came back
        self.assertFigures(promotion, orders=1, qty=2, sales=100, discount=10, margin=56)
        rest = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        self._return(rest, {self.tea: 1, self.bread: 1})
        self.assertFigures(promotion, orders=1, qty=0, sales=0, discount=0, margin=0)

    def test_a_cancelled_order_gave_nothing(self):
        promotion = self._percent()
        self._sale((self.tea, 1))._action_cancel()
        self.assertFigures(promotion, orders=None, sales=None, discount=None)

    def test_two_promotions_on_one_line_share_its_discount(self):
        group = self.env["retail.promotion.group"].create(
            {"name": "Then", "sequence": 99, "mode": "compound", "company_id": self.company.id}
        )
        first = self._percent(stackable=True)
        second = self._percent(group_id=group.id, percent=50, stackable=True)
        order = self._sale((self.tea, 1))
        self.assertEqual(order.amount_total, 45)
        self.assertFigures(first, discount=10, sales=45, margin=5)
        self.assertFigures(second, discount=45, sales=45, margin=5)

    def test_a_gift_counts_with_its_cost(self):
        promotion = self._promotion(
            reward_kind="gift",
            gift_ids=[Command.create({"product_id": self.cup.id})],
            group_size=0,
            min_amount=50,
            product_scope="some",
            product_ids=[Command.set(self.tea.ids)],
        )
        # a cup that is bought is no gift
        self._sale((self.tea, 1), (self.cup, 2))
        self.assertFigures(
            promotion, qty=4, sales=116, discount=0, gift_cost=3, given=3, margin=116 - 40 - 3 * 3
        )

    def test_pause_resume_and_extend_show_at_once(self):
        promotion = self._percent()
        self._sale((self.tea, 1))
        promotion.action_pause()
        self.assertTrue(promotion.stopped_at)
        self.assertEqual(self._sale((self.tea, 1)).amount_total, 100)
        self.assertFigures(promotion, orders=1)
        promotion.action_resume()
        self.assertFalse(promotion.stopped_at)
        self._sale((self.tea, 1))
        self.assertFigures(promotion, orders=2)
        promotion.date_to += timedelta(days=7)
        self.assertFigures(promotion, orders=2)
        promotion.action_end()
        self.assertTrue(promotion.stopped_at)

    # === COMPARISON === #

    def _two_days(self, **values):
        """Publish a promotion of two whole days, with sales of four weeks before it."""
        start = self.today - timedelta(days=2)
        for week, amount in enumerate((160, 40, 100, 100), start=1):
            self._sold_on(start - timedelta(weeks=week), amount, self.ann)
            self._sold_on(start + timedelta(days=1, weeks=-week), 50, self.ann)
            self._sold_on(start - timedelta(weeks=week), 80, self.bob)
            # other goods and other weekdays don't count
            self._sold_on(start - timedelta(weeks=week), 999, self.ann, self.bread)
            self._sold_on(start + timedelta(days=3, weeks=-week), 999, self.ann)
        self._sold_on(start, 150, self.ann)
        self._sold_on(start + timedelta(days=1), 90, self.ann)
        self._sold_on(start, 120, self.bob)
        return self._percent(date_from=datetime.combine(start, time()), **values)

    def test_uplift_against_weeks_and_others(self):
        promotion = self._two_days(class_ids=[Command.set(self.vip.ids)])
        # today's order costs 20 and is no whole day yet
        self._sale((self.tea, 2))
        self.assertFigures(
            promotion,
            sold=240,
            before=150,
            uplift=90,
            # sales to others grew from 80 to 120, that is by half
            uplift_others=240 - 150 * 120 / 80,
            extra_margin=54,
            given=20,
            roi=270,
        )
        text = promotion.effect_html
        self.assertIn(">1<", text)
        self.assertNotIn("1.0", text)
        self.assertIn("(+60 %)", text)
        self.assertIn("270 %", text)

    def test_other_stores_are_others(self):
        """A promotion of one store: what the same goods sold elsewhere tells what was usual."""
        here = self.store
        elsewhere = here.create({"name": "Elsewhere", "code": "ELSE", "is_store": True})
        promotion = self._two_days(store_ids=[Command.set(here.ids)])
        self.assertFigures(promotion, sold=360, before=230, uplift_others=None)
        start = self.today - timedelta(days=2)
        self.store = elsewhere
        for week in range(1, 5):
            self._sold_on(start - timedelta(weeks=week), 40, self.customer)
        self._sold_on(start, 50, self.customer)
        promotion.action_refresh_effect()
        self.assertFigures(promotion, sold=360, before=230, uplift_others=360 - 230 * 50 / 40)

    def test_for_everybody_nobody_is_left_to_compare_with(self):
        promotion = self._two_days()
        self.assertFigures(promotion, sold=360, before=230, uplift_others=None, roi=None)

    def test_figures_by_store_and_day(self):
        promotion = self._two_days(class_ids=[Command.set(self.vip.ids)])
        rows = self.env["retail.promotion.effect"]._read_group(
            [("promotion_id", "=", promotion.id)],
            ["day:day", "store_id"],
            ["uplift:sum", "uplift_others:sum"],
        )
        self.assertEqual(
            rows,
            [
                (self.today - timedelta(days=2), self.store, 50, 150 - 100 * 120 / 80),
                (self.today - timedelta(days=1), self.store, 40, False),
            ],
        )

    def test_without_history_there_is_no_uplift(self):
        promotion = self._percent(date_from=datetime.combine(self.today, time()))
        self._sale((self.tea, 1))
        self.assertFigures(promotion, orders=1, uplift=0, roi=0)
        self.assertIn("first whole day", promotion.effect_html)

    def test_a_promotion_without_end_counts_to_yesterday(self):
        promotion = self._two_days()
        promotion.date_to = False
        self.assertFigures(promotion, sold=360, before=230)

    # === ROLES === #

    def test_who_may_read(self):
        promotion = self._percent()
        self._sale((self.tea, 1))
        for role, allowed in (
            ("group_promotion", True),
            ("group_store_manager", True),
            ("group_accountant", True),
            ("group_guide", False),
        ):
            user = new_test_user(
                self.env,
                login=f"effect_{role}",
                groups=f"retail_crm.{role}",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            seen = promotion.with_user(user)
            if allowed:
                self.assertEqual(seen._effect_figures()["orders"], 1)
                self.assertIn("Sales", seen.effect_html)
                seen.action_view_effect()
            else:
                with self.assertRaises(AccessError):
                    seen._effect_figures()
