import json
import os
import shutil
import subprocess

from odoo.addons.retail_promo.models import promotion_snapshot as snapshot
from odoo.addons.retail_promo.promo_engine import canonical, evaluate
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common import PromoCommon

ENGINE = "retail_promo/static/src/promo_engine/evaluate.js"
SCRIPT = """
import {readFileSync} from "node:fs";
const {evaluate} = await import(process.argv[1]);
const {canonical} = await import(new URL("outcome.js", process.argv[1]));
const {cart, programs, groups} = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(canonical(evaluate(cart, programs, groups)));
"""
NODE_TIMEOUT = 60  # seconds


@tagged("post_install", "-at_install")
class TestTwin(PromoCommon):
    """The JavaScript engine gives the same bytes and cents for what an order was given."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.node = os.environ.get("DAOGOU_NODE") or shutil.which("node")
        cls.tea = cls._goods(33.33, cls.tax15, name="Tea")
        cls.cake = cls._goods(7.77, cls.tax6, name="Cake")
        cls.cup = cls._goods(8.05, cls.tax20_included, name="Cup")
        cls.vip = cls.env.ref("retail_crm.class_vip")
        cls.member = cls.env["res.partner"].create(
            {
                "name": "Member",
                "is_member": True,
                "email": "member@example.com",
                "retail_class_id": cls.vip.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.assertTrue(self.node, "the JavaScript engine needs Node outside of a browser")

    def _by_javascript(self, case):
        url = f"file://{file_path(ENGINE)}"
        done = subprocess.run(
            [self.node, "--input-type=module", "-e", SCRIPT, url],
            input=json.dumps(case).encode(),
            stdout=subprocess.PIPE,
            timeout=NODE_TIMEOUT,
            check=True,
        )
        return done.stdout

    def _assert_same(self, order):
        """Evaluate the order as it stands by both twins: same bytes, and the order's cents."""
        given = self.env["retail.promotion"]._engine_input(self.company)
        cart = order._retail_promo_cart(None)
        python = evaluate(cart, given["programs"], given["groups"])
        javascript = self._by_javascript({"cart": cart, **given})
        self.assertEqual(javascript, canonical(python))
        given = sum(entry["amount"] for entry in json.loads(javascript)["applied"])
        self.assertGives(order, snapshot.from_minor(self.currency, given))
        # Odoo rounds the taxes of an order as a whole: its total is that less what was given.
        without = self._total_without(order)
        self.assertEqual(
            snapshot.to_minor(self.currency, without - order.amount_total),
            given,
        )
        self.assertTrue(python["applied"])

    def test_the_ten_usual_promotions(self):
        templates = self.env["retail.promotion.template"].search([])
        self.assertEqual(len(templates), 10)
        for template in templates:
            with self.subTest(template=template.name), self.env.cr.savepoint() as savepoint:
                promotion = self._ready(template)
                promotion.action_publish()
                order = self._order(
                    (self.tea, 5), (self.cake, 2), (self.cup, 1), partner_id=self.member.id
                )
                self._assert_same(order)
                savepoint.rollback()
            self.env.registry.clear_cache()
            self.env.invalidate_all()

    def _ready(self, template):
        promotion = self.env["retail.promotion"].browse(template.action_use()["res_id"])
        if promotion.product_scope == "some":
            promotion.product_ids = self.tea | self.cake
        if promotion.reward_kind == "gift":
            promotion.gift_ids = [Command.create({"product_id": self.cup.id})]
        promotion.window_ids.write({"hour_from": 0, "hour_to": 24, "sunday": True})
        promotion.window_ids.write({"saturday": True})
        return promotion

    def test_all_of_them_at_once(self):
        for template in self.env["retail.promotion.template"].search([]):
            self._ready(template).action_publish()
        self._assert_same(
            self._order((self.tea, 7), (self.cake, 4), (self.cup, 3), partner_id=self.member.id)
        )


@tagged("post_install", "-at_install")
class TestExtremes(PromoCommon):
    """Carts and currencies at the edge of what people sell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tea = cls._goods(15)

    def test_a_thousandth_and_a_million(self):
        precision = self.env["decimal.precision"].search([("name", "=", "Product Unit")])
        precision.digits = 3
        self._promotion(percent=10)
        small = self._order((self._goods(20000), 0.001))
        self.assertGives(small, 2)
        self.assertGives(self._order((self.tea, 1000000)), 1500000)

    def test_a_million_pieces_in_groups(self):
        self._promotion(reward_kind="nth", group_size=3, percent=100)
        self.assertGives(self._order((self.tea, 1000000)), 333333 * 15)

    def test_a_price_of_zero(self):
        self._promotion(reward_kind="amount", reward_amount=5)
        order = self._order((self._goods(0), 3))
        self.assertFalse(self._ours(order))
        self.assertGives(self._order((self._goods(0), 3), (self.tea, 1)), 5)

    def test_an_empty_cart(self):
        self._promotion(reward_kind="delivery")
        self._promotion(reward_kind="gift", group_size=0, gift_ids=[self._gift_of(self.tea)])
        self.assertFalse(self._order().order_line)

    @staticmethod
    def _gift_of(product):
        return Command.create({"product_id": product.id})

    def test_currencies_with_no_and_three_decimals(self):
        for name, rounding, price, total in (("JPY", 1, 333, 899), ("KWD", 0.001, 3.333, 8.999)):
            currency = self.env.ref(f"base.{name}")
            currency.write({"active": True, "rounding": rounding})
            pricelist = self.env["product.pricelist"].create(
                {"name": name, "currency_id": currency.id, "company_id": self.company.id}
            )
            promotion = self._promotion(
                reward_kind="amount",
                reward_amount=price * 3 - total,
                currency_id=currency.id,
                group_id=self.env["retail.promotion.group"]
                .create({"name": name, "company_id": self.company.id})
                .id,
            )
            order = self._order((self.tea, 3, {"price_unit": price}), pricelist_id=pricelist.id)
            self.assertEqual(self._ours(order).retail_promotion_id, promotion)
            self.assertAlmostEqual(order.amount_total, total, places=3)

    def test_gifts_and_spend_of_another_company_don_t_count(self):
        other = self.setup_other_company()["company"]
        self.env["retail.promotion"].with_company(other).create(
            {"name": "Theirs", "company_id": other.id, "percent": 50}
        )
        foreign = self._goods(5, company_id=other.id)
        with self.assertRaisesRegex(Exception, "company"):
            self._draft(reward_kind="gift", gift_ids=[self._gift_of(foreign)])
        self.assertFalse(self._ours(self._order((self.tea, 1))))

    def test_hours_follow_the_time_zone_of_the_store(self):
        store = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        store.write({"is_store": True, "retail_tz": "Asia/Tokyo"})
        self._promotion(window_ids=[Command.create({"hour_from": 0, "hour_to": 6})])
        moment = self.now.replace(hour=18, minute=0, second=0, microsecond=0)
        order = self._order((self.tea, 1), retail_store_id=store.id, date_order=moment)
        self.assertTrue(self._ours(order))
        store.retail_tz = "UTC"
        order._retail_promo_apply()
        self.assertFalse(self._ours(order))
