from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestRecommend(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sold(["bread", "butter"], times=8)
        cls._sold(["bread", "jam"], times=3)
        cls._sold(["tea"], times=4)
        cls._sold(["milk"])
        cls._sold(["tea", "milk"], days_ago=20, partner=cls.member, times=2)
        cls._sold(["tea"], days_ago=1, partner=cls.member)
        cls._learn()
        cls.guide = cls._user("test_recommend_guide", "retail_crm.group_guide")

    def test_defective_goods_are_not_recommended(self):
        self._sold(["bread", "butter"], times=5)
        self._learn()
        self.assertIn("butter", self._recommend(basket=self.products["bread"].ids))
        self.store.lot_stock_id.retail_stock_type = "defective"
        self.assertFalse(self._recommend(basket=self.products["bread"].ids))

    def test_basket_neighbours_come_first_with_their_reason(self):
        found = self._recommend(basket=self.products["bread"].ids)
        self.assertEqual(list(found)[:2], ["butter", "jam"])
        self.assertEqual(found["butter"]["reason"], "basket")
        self.assertEqual(found["butter"]["text"], "Often bought with bread")
        self.assertNotIn("bread", found)

    def test_member_history_is_told_with_count_and_date(self):
        found = self._recommend(partner_id=self.member.id)
        self.assertEqual(list(found)[:2], ["tea", "milk"])
        self.assertEqual(found["tea"]["reason"], "repeat")
        self.assertEqual(found["tea"]["text"], "You bought it 3 times, last on 03/30/2026")

    def test_bought_once_says_so(self):
        self._sold(["jam"], days_ago=3, partner=self.member)
        text = self._recommend(partner_id=self.member.id)["jam"]["text"]
        self.assertEqual(text, "You bought it on 03/28/2026")

    def test_reason_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        products = self.env["product.product"].with_context(lang="zh_CN")
        found = products.retail_recommend(partner_id=self.member.id, store_id=self.store.id)
        self.assertIn("2026/03/30", found[0]["text"])

    def test_empty_history_and_basket_give_what_is_popular(self):
        found = self._recommend(partner_id=self._member("New").id)
        self.assertEqual(list(found)[0], "bread")
        self.assertEqual({item["reason"] for item in found.values()}, {"popular"})

    def test_contact_of_a_member_counts_as_the_member(self):
        contact = self._member("Mei's son", parent_id=self.member.id)
        self.assertEqual(list(self._recommend(partner_id=contact.id))[0], "tea")

    def test_returned_products_are_no_history(self):
        other = self._member("Returner")
        self._sold(["jam", "milk"], partner=other)
        self._sold(["jam"], partner=other, event="returned")
        found = self._recommend(partner_id=other.id)
        self.assertEqual(found["milk"]["reason"], "repeat")
        self.assertNotEqual(found["jam"]["reason"], "repeat")

    def test_a_member_with_returns_only(self):
        other = self._member("Only returns")
        self._sold(["jam"], partner=other, event="returned")
        self.assertEqual(
            {item["reason"] for item in self._recommend(partner_id=other.id).values()},
            {"popular"},
        )

    def test_out_of_stock_reserved_and_negative_are_left_out(self):
        basket = self.products["bread"].ids
        self._stock(self.products["butter"], -10)
        self._stock(self.products["jam"], -12)
        self.env["stock.quant"]._update_reserved_quantity(
            self.products["tea"], self.store.lot_stock_id, 10
        )
        self.assertEqual(list(self._recommend(basket=basket)), ["milk"])

    def test_no_stock_anywhere_recommends_nothing(self):
        for product in self.products.values():
            self._stock(product, -10)
        self.assertEqual(self._recommend(basket=self.products["bread"].ids), {})

    def test_stock_of_another_store_does_not_count(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "is_store": True, "company_id": self.company.id}
        )
        self._stock(self.products["butter"], -10)
        self._stock(self.products["butter"], 5, store=other)
        basket = self.products["bread"].ids
        self.assertNotIn("butter", self._recommend(basket=basket))
        self.assertEqual(list(self._recommend(basket=basket, store_id=other.id)), ["butter"])
        self.assertIn("butter", self._recommend(basket=basket, store_id=False))

    def test_a_product_that_is_not_kept_in_stock_is_always_there(self):
        self.products["butter"].is_storable = False
        self._stock(self.products["butter"], -10)
        self.assertIn("butter", self._recommend(basket=self.products["bread"].ids))

    def test_archived_and_unsellable_neighbours_are_left_out(self):
        self.products["butter"].active = False
        self.products["jam"].sale_ok = False
        found = self._recommend(basket=self.products["bread"].ids)
        self.assertEqual(set(found), {"tea", "milk"})

    def test_refused_products_stay_away_from_this_member_only(self):
        log = self.env["retail.recommendation.log"].with_user(self.guide)
        log.record_events(
            [{"uuid": "u1", "action": "refused", "product_id": self.products["tea"].id}],
            basket_key="k1",
            source="order",
            partner_id=self.member.id,
            store_id=self.store.id,
        )
        self.assertNotIn("tea", self._recommend(partner_id=self.member.id))
        self.assertIn("tea", self._recommend(partner_id=self._member("Other").id))
        self.member.retail_refusal_ids.unlink()
        self.assertIn("tea", self._recommend(partner_id=self.member.id))

    def test_limit_is_kept(self):
        self.assertEqual(len(self._recommend(limit=2)), 2)
        self.assertEqual(self._recommend(limit=0), {})

    def test_at_most_eight_queries_whatever_the_history(self):
        products = self.env["product.product"].with_user(self.guide).with_context(lang="en_US")
        basket = self.products["bread"].ids
        values = {"partner_id": self.member.id, "basket": basket, "store_id": self.store.id}
        products.retail_recommend(**values)
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            short = products.retail_recommend(**values)
        self._sold(["milk", "jam"], days_ago=40, partner=self.member, times=300)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            long = products.retail_recommend(**values)
        self.assertEqual(len(short), len(long))

    def test_a_member_with_5000_orders(self):
        regular = self._member("Regular")
        self._sold(["milk"], days_ago=40, partner=regular, times=5_000)
        found = self._recommend(partner_id=regular.id)
        self.assertEqual(found["milk"]["reason"], "repeat")
        self.assertIn("5000", found["milk"]["text"].replace(",", ""))

    def test_baskets_of_another_company_teach_nothing(self):
        other = self.env["res.company"].create({"name": "Rival"})
        self.env.user.company_ids |= other
        rival = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self._sold(["milk", "tea"], store=rival, times=50)
        self._learn(other)
        self._learn()
        found = self._recommend(basket=self.products["bread"].ids)
        self.assertEqual(list(found)[:2], ["butter", "jam"])
        pairs = self.env["retail.recommendation.neighbour"].with_user(self.guide)
        self.assertEqual(pairs.search([]).company_id, self.company)
        with self.assertRaises(AccessError):
            self._recommend(self.guide, store_id=rival.id)

    def test_a_purchase_in_another_company_is_not_shown(self):
        other = self.env["res.company"].create({"name": "Rival"})
        rival = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        stranger = self._member("Stranger")
        self._sold(["jam"], partner=stranger, store=rival)
        found = self._recommend(partner_id=stranger.id)
        self.assertNotEqual(found["jam"]["reason"], "repeat")

    def test_every_retail_role_may_ask_and_nobody_else(self):
        for group in ("cashier", "guide", "service", "order_clerk", "store_manager"):
            user = self._user(f"test_role_{group}", f"retail_crm.group_{group}")
            self.assertTrue(self._recommend(user, basket=self.products["bread"].ids))
        outsider = new_test_user(self.env, login="test_outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._recommend(outsider)

    def test_a_member_out_of_reach_is_refused(self):
        other = self.env["res.company"].create({"name": "Rival"})
        hidden = self._member("Hidden", company_id=other.id)
        with self.assertRaises(AccessError):
            self._recommend(self.guide, partner_id=hidden.id)

    def test_cards_show_price_and_stock(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "item_ids": [
                    (0, 0, {"compute_price": "percentage", "percent_price": 50}),
                ],
            }
        )
        cards = (
            self.env["product.product"]
            .with_user(self.guide)
            .retail_recommend_cards(
                basket=self.products["bread"].ids,
                store_id=self.store.id,
                pricelist_id=pricelist.id,
            )
        )
        self.assertEqual(cards[0]["name"], "butter")
        self.assertEqual(cards[0]["price"], 1.0)
        self.assertEqual(cards[0]["free_qty"], 10.0)
