from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestOnlineChoice(GuideCase):
    """Bread earns most, goes fastest and is bought again; tea stands still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("choice_manager", "retail_crm.group_store_manager")
        bread, butter, tea = (cls.products[name] for name in ("bread", "butter", "tea"))
        for product, cost in ((bread, 0.5), (butter, 1.0), (tea, 1.9)):
            product.with_company(cls.company).standard_price = cost
        other = cls._member("Li")
        for days in (20, 10, 1):
            cls._sold(["bread"], days_ago=days, partner=cls.member)
        cls._sold(["butter"], partner=cls.member)
        cls._sold(["butter"], partner=other)
        cls.choices = cls.env["retail.online.choice"]
        cls.env["retail.demand.forecast"]._forecast(cls.company)

    def _choice(self, name):
        template = self.products[name].product_tmpl_id
        return self.choices.search(
            [("product_tmpl_id", "=", template.id), ("company_id", "=", self.company.id)]
        )

    def test_the_higher_score_first(self):
        found = self.choices.search([("company_id", "=", self.company.id)])
        self.assertEqual(found[0], self._choice("bread"))
        scores = found.mapped("score")
        self.assertEqual(scores, sorted(scores, reverse=True))
        bread, butter = self._choice("bread"), self._choice("butter")
        self.assertAlmostEqual(bread.margin_percent, 75)
        self.assertEqual((bread.repeat_percent, butter.repeat_percent), (100, 0))
        self.assertGreater(bread.turns, self._choice("milk").turns)

    def test_the_weights_decide(self):
        self._choice("bread")
        self.products["jam"].with_company(self.company).standard_price = 0.1
        self.company.write({"retail_online_turnover": 0, "retail_online_repeat": 0})
        self.choices._refresh(self.company)
        self.assertEqual(self.choices.search([], limit=1), self._choice("jam"))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.company.retail_online_margin = 0
            self.env.flush_all()

    def test_many_are_sent_to_review_at_once(self):
        chosen = (self._choice("bread") | self._choice("butter")).with_user(self.manager)
        chosen.action_submit()
        self.assertEqual(set(chosen.mapped("review_state")), {"submitted"})
        with self.assertRaises(UserError):
            chosen.action_submit()
        (chosen | self._choice("tea").with_user(self.manager)).action_submit()
        self.assertEqual(self._choice("tea").review_state, "submitted")

    def test_who_may_see_and_change_it(self):
        guide = self._user("choice_guide", "retail_crm.group_guide")
        with self.assertRaises(AccessError):
            self.choices.with_user(guide).search([])
        with self.assertRaises(AccessError):
            self._choice("tea").with_user(self.manager).score = 100
        other = self.env["res.company"].create({"name": "Other Ltd"})
        theirs = self.choices.create(
            {"company_id": other.id, "product_tmpl_id": self.products["tea"].product_tmpl_id.id}
        )
        self.assertNotIn(theirs, self.choices.with_user(self.manager).search([]))

    def test_again_and_without_anything(self):
        before = self.choices.search_count([])
        self.env["retail.demand.forecast"]._forecast(self.company)
        self.assertEqual(self.choices.search_count([]), before)
        empty = self.env["res.company"].create({"name": "Empty"})
        self.env["retail.demand.forecast"]._forecast(empty)
        self.assertFalse(self.choices.search([("company_id", "=", empty.id)]))
