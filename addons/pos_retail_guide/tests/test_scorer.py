import json

from odoo.addons.retail_guide import guide_engine as engine
from odoo.addons.retail_guide.models.recommendation_snapshot import neighbours_table
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_open

VECTORS = "pos_retail_guide/static/tests/unit/scorer_vectors.js"


@tagged("post_install", "-at_install")
class TestScorer(TransactionCase):
    def test_the_engine_gives_what_the_tills_scorer_gives(self):
        with file_open(VECTORS) as script:
            vectors = json.loads(script.read().split("export const vectors =")[1].strip(" ;\n"))
        self.assertTrue(vectors)
        for vector in vectors:
            with self.subTest(vector["id"]):
                self.assertEqual(self._score(**vector), vector["expected"])

    def _score(self, pairs, popular, basket, **_told):
        products = sorted({row[1] for row in pairs} | {row[0] for row in popular})
        baskets = dict(popular)
        shelf = engine.Shelf(products, [baskets.get(product, 0) for product in products])
        found = engine.score(engine.History(), basket, shelf, neighbours_table(pairs))
        return [[item.product, item.reason, item.because] for item in found]

    def test_the_weights_are_those_of_the_hoot_tests(self):
        options = engine.Options()
        self.assertEqual((options.basket, options.popular), (7.0, 0.02))
        self.assertEqual(engine.measures.DOUBT_BASKETS, 5)
