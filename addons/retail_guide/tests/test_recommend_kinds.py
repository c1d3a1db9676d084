import json
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import TODAY, GuideCase


@tagged("post_install", "-at_install")
class TestInstead(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drinks = cls.env["product.category"].create({"name": "Drinks"})
        for name, price in (("tea", 2.0), ("oolong", 2.6), ("matcha", 5.0), ("jasmine", 1.5)):
            product = cls.products.get(name) or cls._product(name)
            product.write({"categ_id": cls.drinks.id, "list_price": price})
            if name != "tea":
                cls._stock(product, 3)
            cls.products[name] = product
        cls.guide = cls._user("test_instead_guide", "retail_crm.group_guide")

    def _instead(self, name="tea", **values):
        return self._recommend(self.guide, instead_of=self.products[name].id, **values)

    def test_same_category_similar_price_and_why(self):
        found = self._instead()
        self.assertEqual(list(found), ["oolong", "jasmine"])
        self.assertEqual({item["reason"] for item in found.values()}, {"instead"})
        self.assertIn("0.60", found["oolong"]["text"])
        self.assertIn("dearer", found["oolong"]["text"])
        self.assertIn("0.50", found["jasmine"]["text"])
        self.assertIn("cheaper", found["jasmine"]["text"])

    def test_what_is_bought_with_the_same_things_comes_first(self):
        self._sold(["tea", "bread"], times=9)
        self._sold(["jasmine", "bread"], times=9)
        self._sold(["oolong", "jam"], times=9)
        self._learn()
        self.assertEqual(list(self._instead()), ["jasmine", "oolong"])

    def test_sold_out_archived_refused_and_held_ones_are_no_alternative(self):
        self._stock(self.products["jasmine"], -3)
        self.assertEqual(list(self._instead()), ["oolong"])
        self.assertEqual(self._instead(basket=self.products["oolong"].ids), {})
        self.env["retail.recommendation.refusal"].create(
            {
                "partner_id": self.member.id,
                "product_id": self.products["oolong"].id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._instead(partner_id=self.member.id), {})
        self.products["oolong"].active = False
        self.assertEqual(self._instead(), {})

    def test_a_product_that_never_sold_and_is_sold_out_or_archived_has_alternatives(self):
        self._stock(self.products["tea"], -10)
        self.assertEqual(list(self._instead()), ["oolong", "jasmine"])
        self.products["tea"].active = False
        self.assertEqual(list(self._instead()), ["oolong", "jasmine"])

    def test_a_product_of_another_company_is_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Rival"})
        self.products["theirs"] = self._product("theirs", company_id=other.id)
        with self.assertRaises(AccessError):
            self._instead("theirs")

    def test_queries_do_not_grow_with_the_category(self):
        ask = {"instead_of": self.products["tea"].id, "store_id": self.store.id}
        products = self.env["product.product"].with_user(self.guide).with_context(lang="en_US")
        more = [self._product(f"drink {number}", categ_id=self.drinks.id) for number in range(30)]
        for product in more:
            self._stock(product, 1)
        self.env.flush_all()
        products.retail_recommend(**ask)
        self.env.invalidate_all()
        with self.assertQueryCount(9):
            self.assertEqual(len(products.retail_recommend(**ask, limit=20)), 20)


@tagged("post_install", "-at_install")
class TestShopsWill(GuideCase):
    """Business weights and the members who are held out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sold(["bread", "butter"], times=8)
        cls._sold(["bread", "jam"], times=7)
        cls.model = cls._learn()
        cls.basket = cls.products["bread"].ids

    def test_margin_lifts_a_product_when_the_shop_says_so(self):
        self.products["jam"].with_company(self.company).standard_price = 0.2
        self.products["butter"].with_company(self.company).standard_price = 1.9
        self.assertEqual(list(self._recommend(basket=self.basket))[:2], ["butter", "jam"])
        self.model.margin_percent = 100
        self.assertEqual(list(self._recommend(basket=self.basket))[:2], ["jam", "butter"])

    def test_a_product_without_cost_or_sold_at_a_loss_gains_nothing(self):
        self.model.margin_percent = 100
        before = self._recommend(basket=self.basket)["butter"]["score"]
        self.products["butter"].with_company(self.company).standard_price = 9.0
        self.assertEqual(self._recommend(basket=self.basket)["butter"]["score"], before)

    def test_held_out_members_get_popular_products_only_and_are_logged_so(self):
        self._sold(["jam"], partner=self.member, times=4)
        self.model.holdout_percent = 50
        members = [self._member(f"Held {number}") for number in range(20)]
        groups = {True: [], False: []}
        for member in members:
            items = self._recommend(partner_id=member.id, basket=self.basket).values()
            reasons = {item["reason"] for item in items}
            held_out = any(item.get("held_out") for item in items)
            groups[held_out].append(member)
            self.assertEqual(held_out, reasons == {"popular"})
        self.assertTrue(groups[True] and groups[False])
        out = groups[True][0]
        log = self.env["retail.recommendation.log"]
        for member in (out, groups[False][0]):
            log.record_events(
                [{"uuid": f"u{member.id}", "action": "shown", "product_id": self.basket[0]}],
                basket_key=f"k{member.id}",
                source="order",
                partner_id=member.id,
                store_id=self.store.id,
            )
        self.assertEqual(log.search([("held_out", "=", True)]).partner_id, out)

    def test_the_uplift_is_measured_between_the_groups(self):
        log = self.env["retail.recommendation.log"]
        self.assertIn("Not known yet", self.model.uplift_text)
        self.model.holdout_percent = 50
        members = [self._member(f"Measured {number}") for number in range(20)]
        for member in members:
            log.record_events(
                [{"uuid": f"m{member.id}", "action": "shown", "product_id": self.basket[0]}],
                basket_key=f"m{member.id}",
                source="order",
                partner_id=member.id,
                store_id=self.store.id,
            )
        rows = log.search([("partner_id", "in", [member.id for member in members])])
        today = (TODAY - fields.Date.today()).days
        for row in rows:
            times = 1 if row.held_out else 3
            self._sold(["jam"], partner=row.partner_id, times=times, days_ago=today)
        self.model.invalidate_recordset()
        self.assertEqual(self.model.treated_count + self.model.control_count, 20)
        self.assertEqual((self.model.treated_amount, self.model.control_amount), (6.0, 2.0))
        self.assertIn("4.00", self.model.uplift_text)

    def test_shares_are_percentages(self):
        for name, value in (("holdout_percent", 60), ("margin_percent", -1)):
            with (
                self.subTest(name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.model[name] = value
                self.model.flush_recordset()

    def test_a_basket_of_300_lines_and_nonsense(self):
        products = [self._product(f"bulk {number}") for number in range(299)]
        self.assertIn(
            "butter",
            self._recommend(basket=[*self.basket, *(product.id for product in products)]),
        )
        for nonsense in ("12", [True], ["a"], [[1]], 5):
            with self.assertRaises(UserError):
                self._recommend(basket=nonsense)


@tagged("post_install", "-at_install")
class TestJson2(GuideCase, HttpCase):
    """The call for others, through Odoo's own controller (docs/recommend_api.md)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sold(["bread", "butter"], times=8)
        cls._learn()

    def _key(self, user):
        keys = self.env["res.users.apikeys"].with_user(user)
        return keys._generate("rpc", "recommend", fields.Datetime.now() + timedelta(days=1))

    def _post(self, user, **body):
        return self.url_open(
            "/json/2/product.product/retail_recommend",
            data=json.dumps(body),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"bearer {self._key(user)}",
            },
        )

    @mute_logger("odoo.http")
    def test_a_guide_asks_and_others_are_refused(self):
        bread, butter = (self.products[name] for name in ("bread", "butter"))
        guide = self._user("test_json_guide", "retail_crm.group_guide")
        answer = self._post(guide, basket=bread.ids, store_id=self.store.id, limit=1)
        self.assertEqual(answer.status_code, 200)
        (item,) = answer.json()
        self.assertEqual(
            (item["product_id"], item["reason"], item["text"]),
            (butter.id, "basket", "Often bought with bread"),
        )
        outsider = self._user("test_json_outsider", "base.group_user")
        self.assertEqual(self._post(outsider, basket=bread.ids).status_code, 403)
        self.assertEqual(self._post(guide, basket="bread").status_code, 422)
        answer = self._post(guide, partner_id=2**30)
        self.assertEqual(answer.status_code, 403)
