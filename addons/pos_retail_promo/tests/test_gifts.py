from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestTillGifts(TillCommon):
    """Gifts at the till: what it is told of them, how the server judges them and their return."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tiers.action_end()
        cls.spoon = cls._goods("Spoon", 5.0, cls.tax15)
        cls.bag = cls._goods("Bag", 3.0, cls.tax15)
        cls.gift = cls._promotion(
            name="A spoon with two teas",
            reward_kind="gift",
            product_scope="some",
            product_ids=[Command.set(cls.tea.ids)],
            group_size=2,
            gift_ids=[
                Command.create({"product_id": cls.spoon.id, "sequence": 1}),
                Command.create({"product_id": cls.bag.id, "sequence": 2}),
            ],
        )

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def _sale_with_gift(self, **values):
        tea = self._goods_line(self.tea, 2)
        spoon = self._goods_line(self.spoon, 1, retail_gift_of_id=self.gift.id)
        ours = self._promotion_line(self.gift, self.tax15, {spoon["uuid"]: 575})
        return self._send([tea, spoon, ours], 138.0, 18.0, **values)

    def _stored_data(self):
        return {
            "circumstances": {"member": None},
            "programs": [self.gift._engine_program()],
            "groups": [],
        }

    def test_a_gift_is_free_and_no_difference(self):
        order = self._sale_with_gift()
        self.assertEqual(order.amount_total, 138.0)
        self.assertFalse(self._differences(order))
        self.assertRecordValues(
            self._applications(order),
            [{"promotion_id": self.gift.id, "product_id": self.spoon.id, "amount": 5.75}],
        )

    def test_a_gift_that_wasnt_earned_is_filed(self):
        spoon = self._goods_line(self.spoon, 1, retail_gift_of_id=self.gift.id)
        ours = self._promotion_line(self.gift, self.tax15, {spoon["uuid"]: 575})
        order = self._send([self._goods_line(self.tea, 1), spoon, ours], 69.0, 9.0)
        self.assertRecordValues(
            self._differences(order), [{"till_amount": 5.75, "server_amount": 0.0}]
        )

    def test_who_keeps_the_gift_pays_for_it(self):
        """Both teas come back, the spoon stays: it isn't earned any more."""
        order = self._sale_with_gift(retail_promotion_data=self._stored_data())
        tea = order.lines.filtered(lambda line: line.product_id == self.tea)
        ours = order.lines.filtered("retail_shares")
        back = self._goods_line(self.tea, -2, refunded_orderline_id=tea.id)
        take = self._promotion_line(
            self.gift, self.tax15, {back["uuid"]: -575}, qty=-1, refunded_orderline_id=ours.id
        )
        refund = self._send([back, take], -132.25, -17.25, is_refund=True)
        self.assertAlmostEqual(refund.amount_total, -132.25)
        self.assertFalse(self._differences(refund))

    def test_what_tills_are_told(self):
        self.spoon.is_storable = self.bag.is_storable = False
        data = self.env["retail.promotion"]._load_pos_data_read(self.gift, self.config)
        uncounted = {str(self.spoon.id): None, str(self.bag.id): None}
        self.assertEqual(data[0]["_gift_stock"], uncounted)
        self.spoon.is_storable = self.bag.is_storable = True
        store = self.config._retail_promotion_store()
        self.env["stock.quant"]._update_available_quantity(self.bag, store.lot_stock_id, 4)
        self.env.invalidate_all()
        self.assertEqual(
            self.config.retail_promo_gift_stock(), {str(self.spoon.id): 0, str(self.bag.id): 4}
        )

    def test_gifts_are_loaded_where_the_till_doesnt_sell_them(self):
        self.spoon.available_in_pos = False
        session = self.pos_session
        data = session.load_data([])
        templates = {row["id"] for row in data["product.template"]}
        self.assertIn(self.spoon.product_tmpl_id.id, templates)
        special = data["pos.config"][0]["_pos_special_products_ids"]
        self.assertIn(self.spoon.id, special)
        self.assertNotIn(self.bag.id, special)
