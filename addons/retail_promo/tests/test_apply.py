from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestApply(PromoCommon):
    """What a quotation gets when it is saved: rewards and conditions, through the records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(100, cls.tax15)
        cls.other = cls._goods(40)

    def test_percent_of_the_amount_with_tax(self):
        self._promotion(percent=10)
        order = self._order((self.goods, 2))
        self.assertGives(order, 23.0)
        self.assertEqual(order.amount_total, 207.0)
        self.assertEqual(self._ours(order).name, "Promotion")

    def test_percent_of_the_amount_without_tax(self):
        self.company.retail_promo_tax_basis = "excluded"
        self._promotion(percent=10)
        order = self._order((self.goods, 2))
        self.assertEqual(self._ours(order).price_subtotal, -20.0)
        self.assertEqual(order.amount_total, 207.0)

    def test_the_highest_step_reached(self):
        self._steps((100, 10), (200, 30))
        self.assertFalse(self._ours(self._order((self.other, 2))))
        self.assertGives(self._order((self.other, 3)), 10)
        self.assertGives(self._order((self.other, 5)), 30)

    def test_every_step_reached(self):
        self._steps((100, 10), (200, 30), tier_mode="each_step")
        self.assertGives(self._order((self.other, 5)), 40)

    def test_steps_by_quantity_in_percent(self):
        self._promotion(
            reward_kind="tiers",
            tier_by="qty",
            tier_ids=[
                Command.create({"at": 3, "gives": "rate", "percent": 5}),
                Command.create({"at": 6, "gives": "rate", "percent": 20}),
            ],
        )
        self.assertGives(self._order((self.other, 3)), 6)
        self.assertGives(self._order((self.other, 6)), 48)

    def test_the_best_one_wins(self):
        self._promotion(name="Small", percent=5)
        self._promotion(name="Large", percent=20)
        order = self._order((self.other, 1))
        self.assertEqual(self._ours(order).mapped("name"), ["Large"])
        self.assertGives(order, 8)

    def test_groups_compound(self):
        together = self.env["retail.promotion.group"].create(
            {"name": "Together", "mode": "compound", "company_id": self.company.id}
        )
        for percent in (10, 20):
            self._promotion(percent=percent, stackable=True, group_id=together.id)
        self.assertGives(self._order((self._goods(100), 1)), 28)

    def test_category_with_children_but_not_the_excluded_product(self):
        clothes = self.env["product.category"].create({"name": "Clothes"})
        jackets = self.env["product.category"].create({"name": "J", "parent_id": clothes.id})
        jacket = self._goods(50, categ_id=jackets.id)
        fixed = self._goods(70, categ_id=jackets.id)
        self._promotion(
            product_scope="some",
            category_ids=[Command.set(clothes.ids)],
            exclude_product_ids=[Command.set(fixed.ids)],
        )
        order = self._order((jacket, 1), (fixed, 1), (self.other, 1))
        self.assertGives(order, 5)

    def test_brands_and_tags(self):
        brand = self.env["product.brand"].create({"name": "Brand"})
        tag = self.env["product.tag"].create({"name": "Tag"})
        branded = self._goods(50, product_brand_id=brand.id)
        tagged_goods = self._goods(30, product_tag_ids=[Command.set(tag.ids)])
        self._promotion(
            product_scope="some",
            brand_ids=[Command.set(brand.ids)],
            tag_ids=[Command.set(tag.ids)],
        )
        self.assertGives(self._order((branded, 1), (tagged_goods, 1), (self.other, 1)), 8)

    def test_discount_on_other_products_than_those_that_count(self):
        self._promotion(
            product_scope="some",
            product_ids=[Command.set(self.other.ids)],
            min_qty=2,
            target_scope="some",
            target_product_ids=[Command.set(self.goods.ids)],
            percent=50,
        )
        self.assertFalse(self._ours(self._order((self.other, 1), (self.goods, 1))))
        self.assertGives(self._order((self.other, 2), (self.goods, 1)), 57.5)

    def test_minimum_quantity_counts_in_the_product_s_own_unit(self):
        self._promotion(min_qty=12)
        dozen = {"product_uom_id": self.uom_dozen.id}
        self.assertFalse(self._ours(self._order((self.other, 11))))
        self.assertTrue(self._ours(self._order((self.other, 1, dozen))))

    def test_minimum_amount_and_cap(self):
        self._promotion(min_amount=100, percent=50, max_discount=25)
        self.assertFalse(self._ours(self._order((self.other, 2))))
        self.assertGives(self._order((self.other, 3)), 25)

    def test_member_class(self):
        vip = self.env.ref("retail_crm.class_vip")
        self._promotion(class_ids=[Command.set(vip.ids)])
        self.assertFalse(self._ours(self._order((self.other, 1))))
        self.customer.write({"is_member": True, "retail_class_id": vip.id})
        order = self._order((self.other, 1))
        self.assertGives(order, 4)
        contact = self.env["res.partner"].create({"name": "Contact", "parent_id": self.customer.id})
        order.partner_id = contact
        self.assertGives(order, 4)
        order.partner_id = self.partner_a
        self.assertFalse(self._ours(order))

    def test_store_and_channel(self):
        store = self.env["stock.warehouse"].create(
            {"name": "Store", "code": "ST1", "is_store": True, "company_id": self.company.id}
        )
        web = self.env.ref("retail_crm.channel_web")
        self._promotion(store_ids=[Command.set(store.ids)], channel_ids=[Command.set(web.ids)])
        order = self._order((self.other, 1), retail_store_id=store.id, sale_channel_id=web.id)
        self.assertGives(order, 4)
        order.sale_channel_id = self.env.ref("retail_crm.channel_phone")
        self.assertFalse(self._ours(order))
        order.write({"sale_channel_id": web.id, "retail_store_id": False})
        self.assertFalse(self._ours(order))

    def test_hours_by_the_store_s_clock(self):
        """10 to 12 on Mondays in Shanghai is 2 to 4 in UTC."""
        store = self._store_in("Asia/Shanghai")
        weekend = {"saturday": False, "sunday": False}
        middle = {"tuesday": False, "wednesday": False, "thursday": False, "friday": False}
        self._promotion(
            date_from=datetime(2026, 1, 1),
            date_to=datetime(2030, 1, 1),
            window_ids=[Command.create({"hour_from": 10, "hour_to": 12, **weekend, **middle})],
        )
        monday = datetime(2026, 11, 23, 2, 30)
        order = self._order((self.other, 1), retail_store_id=store.id, date_order=monday)
        self.assertGives(order, 4)
        order.date_order = monday + timedelta(hours=2)
        self.assertFalse(self._ours(order))
        order.date_order = monday + timedelta(days=1)
        self.assertFalse(self._ours(order))

    def _store_in(self, zone):
        return self.env["stock.warehouse"].create(
            {
                "name": zone,
                "code": zone[-5:],
                "is_store": True,
                "retail_tz": zone,
                "company_id": self.company.id,
            }
        )

    def _holds_at(self, store, *moments):
        """Return which of the moments (UTC) of a promotion's year it holds at in a store."""
        order = self._order((self.other, 1), retail_store_id=store.id)
        held = []
        for moment in moments:
            order.date_order = moment
            held.append(bool(self._ours(order)))
        return held

    def test_hours_across_midnight_belong_to_the_day_they_start_on(self):
        only_friday = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), False)
        only_friday.update(saturday=False, sunday=False)
        self._promotion(
            date_from=datetime(2026, 1, 1),
            date_to=datetime(2030, 1, 1),
            window_ids=[Command.create({"hour_from": 22, "hour_to": 2, **only_friday})],
        )
        held = self._holds_at(
            self._store_in("UTC"),
            datetime(2026, 11, 20, 1),  # Friday morning: of Thursday's hours
            datetime(2026, 11, 20, 21, 59, 59),
            datetime(2026, 11, 20, 22),
            datetime(2026, 11, 21, 1, 59, 59),
            datetime(2026, 11, 21, 2),
            datetime(2026, 11, 21, 22),
        )
        self.assertEqual(held, [False, False, True, True, False, False])

    def test_hours_when_clocks_are_changed(self):
        """One hour comes twice in autumn and not at all in spring."""
        self._promotion(
            date_from=datetime(2026, 1, 1),
            date_to=datetime(2030, 1, 1),
            window_ids=[Command.create({"hour_from": 1, "hour_to": 3})],
        )
        new_york = self._store_in("America/New_York")
        autumn = [datetime(2026, 11, 1, hour, 30) for hour in (4, 5, 6, 7, 8)]
        # 0:30, 1:30 twice, 2:30, 3:30
        self.assertEqual(self._holds_at(new_york, *autumn), [False, True, True, True, False])
        spring = [datetime(2026, 3, 8, hour, 30) for hour in (5, 6, 7)]
        # 0:30, 1:30, and then 3:30
        self.assertEqual(self._holds_at(new_york, *spring), [False, True, False])

    def test_the_order_s_own_time_decides_and_not_the_cron_job(self):
        promotion = self._promotion(date_from=self.now + timedelta(days=2))
        self.assertEqual(promotion.state, "published")
        order = self._order((self.other, 1))
        self.assertFalse(self._ours(order))
        order.date_order = self.now + timedelta(days=3)
        self.assertGives(order, 4)
        order.date_order = promotion.date_to
        self.assertFalse(self._ours(order))

    def test_amounts_hold_in_their_currency_only(self):
        foreign = self.setup_other_currency("EUR")
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": foreign.id})
        self._steps((10, 5))
        self.assertFalse(self._ours(self._order((self.other, 1), pricelist_id=pricelist.id)))
        self._promotion(percent=10)
        order = self._order((self.other, 1), pricelist_id=pricelist.id)
        self.assertGives(order, order.order_line[0].price_total / 10)

    def test_a_percentage_in_one_currency_only(self):
        foreign = self.setup_other_currency("EUR")
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": foreign.id})
        self._promotion(percent=10, currency_only=True)
        self.assertGives(self._order((self.other, 1)), 4)
        self.assertFalse(self._ours(self._order((self.other, 1), pricelist_id=pricelist.id)))

    def test_manual_price_and_discount_are_the_input(self):
        self._promotion(percent=10)
        order = self._order((self.other, 1, {"price_unit": 200, "discount": 50}))
        self.assertGives(order, 10)

    def test_returns_and_free_lines_never_count(self):
        self._promotion(percent=10)
        order = self._order((self.other, -2), (self.goods, 1, {"price_unit": 0}))
        self.assertFalse(self._ours(order))

    def test_switched_off_for_the_company(self):
        self._promotion(percent=10)
        order = self._order((self.other, 1))
        self.company.retail_promo_on_orders = False
        order.order_line[0].product_uom_qty = 2
        self.assertFalse(self._ours(order))
        self.assertEqual(order.amount_total, 80)

    def test_amounts_beyond_the_engine(self):
        self._promotion(percent=10)
        with self.assertRaisesRegex(UserError, "can't be evaluated"):
            self._order((self.other, 10**9, {"price_unit": 10**9}))

    def test_a_channel_with_final_prices(self):
        """What a customer paid on a marketplace isn't discounted again here."""
        self._promotion(percent=10)
        market = self.env.ref("retail_crm.channel_marketplace")
        self.assertTrue(market.retail_promo_off)
        order = self._order((self.other, 1), sale_channel_id=market.id)
        self.assertFalse(self._ours(order))
        order.sale_channel_id = self.env.ref("retail_crm.channel_web")
        self.assertGives(order, 4)

    def test_an_archived_class_stays_a_condition(self):
        vip = self.env.ref("retail_crm.class_vip")
        self._promotion(class_ids=[Command.set(vip.ids)])
        vip.active = False
        self.assertFalse(self._ours(self._order((self.other, 1))))

    def test_paused_gives_nothing_at_once(self):
        promotion = self._promotion(percent=10)
        order = self._order((self.other, 1))
        promotion.action_pause()
        order.order_line[0].product_uom_qty = 2
        self.assertFalse(self._ours(order))
        promotion.action_resume()
        order.order_line[0].product_uom_qty = 3
        self.assertGives(order, 12)

    def test_other_companies_promotions_don_t_count(self):
        other = self.setup_other_company(name="Other company")["company"]
        self._promotion(
            company_id=other.id,
            group_id=other._retail_promo_default_group().id,
            discount_account_id=False,
        )
        self.assertFalse(self._ours(self._order((self.other, 1))))

    def test_lines_stand_beneath_the_goods_and_in_no_section(self):
        self._promotion(percent=10)
        order = self._order((self.other, 1), (self.goods, 1))
        ours = self._ours(order)
        self.assertEqual(len(ours), 2, "one line per set of taxes")
        self.assertEqual(order.order_line.sorted()[-2:], ours.sorted())
        order.write(
            {
                "order_line": [
                    Command.create(
                        {"display_type": "line_section", "name": "More", "sequence": 90}
                    ),
                    Command.create({"product_id": self.other.id, "sequence": 91}),
                ]
            }
        )
        self.assertFalse(self._ours(order).parent_id)

    def test_stock_moves_none(self):
        self._promotion(percent=10)
        order = self._order((self.other, 1))
        order.action_confirm()
        self.assertEqual(order.picking_ids.move_ids.product_id, self.other)
