from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestReport(TillCommon):
    """The report of a session: promotions are a block of their own, no products."""

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def _details(self):
        report = self.env["report.point_of_sale.report_saledetails"]
        return report.get_sale_details(session_ids=self.pos_session.ids)

    def test_promotions_are_a_block(self):
        self._tea_sale()
        self._tea_sale(given=0)
        details = self._details()
        self.assertEqual(
            details["retail_promotions"],
            [{"name": "Spend 100 save 10", "count": 1, "amount": 10.0}],
        )
        self.assertEqual(details["discount_number"], 1)
        self.assertAlmostEqual(details["discount_amount"], 10.0)
        names = [row["product_name"] for group in details["products"] for row in group["products"]]
        self.assertEqual(names, ["Tea", "Tea"] if len(names) > 1 else ["Tea"])

    def test_taxes_are_those_of_the_ledger(self):
        order = self._tea_sale(given=721)
        (tax,) = self._details()["taxes"]
        self.assertAlmostEqual(tax["tax_amount"], order.amount_tax, places=2)
        self.assertAlmostEqual(tax["base_amount"], order.amount_total - order.amount_tax, places=2)

    def test_report_is_drawn(self):
        self._tea_sale()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("point_of_sale.sale_details_report", self.pos_session.ids)[0]
            .decode()
        )
        self.assertIn('id="retail_promotions"', html)
        self.assertIn("Spend 100 save 10", html)
