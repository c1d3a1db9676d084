from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestOrderTour(HttpCase):
    def test_a_recommended_product_is_added_with_one_click(self):
        company = self.env.ref("base.main_company")
        store = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        store.is_store = True
        member = self.env["res.partner"].create(
            {"name": "Tour Member", "email": "tour@example.com", "is_member": True}
        )
        tea, milk = self.env["product.product"].create(
            [
                {"name": "Tour Tea", "is_storable": True, "list_price": 5},
                {"name": "Tour Milk", "is_storable": True, "list_price": 2},
            ]
        )
        for product in tea | milk:
            self.env["stock.quant"]._update_available_quantity(product, store.lot_stock_id, 7)
        self._sell(company, store, tea, partner=member, times=2)
        self._sell(company, store, tea | milk, times=30)
        model = self.env["retail.recommendation.model"]._of_company(company)
        model.holdout_percent = 0
        model._learn(full=True)
        guide = new_test_user(
            self.env,
            login="tour_guide",
            groups="retail_crm.group_guide,sales_team.group_sale_salesman",
        )
        guide.retail_store_ids = store

        self.start_tour(
            "/odoo/action-sale.action_quotations_with_onboarding/new",
            "retail_guide_order",
            login="tour_guide",
        )

        order = self.env["sale.order"].search([("partner_id", "=", member.id)])
        self.assertRecordValues(
            order.order_line, [{"product_id": tea.id, "price_unit": 5.0, "product_uom_qty": 1.0}]
        )
        log = self.env["retail.recommendation.log"].search(
            [("basket_key", "=", order.retail_basket_key), ("product_id", "in", (tea | milk).ids)]
        )
        self.assertEqual(
            sorted((row.product_id.name, row.action, row.reason) for row in log),
            [
                ("Tour Milk", "refused", "basket"),
                ("Tour Milk", "shown", "history"),
                ("Tour Tea", "added", "repeat"),
                ("Tour Tea", "shown", "repeat"),
                ("Tour Tea", "sold", "repeat"),
            ],
        )
        self.assertEqual(log.user_id, guide)
        self.assertEqual(member.retail_refusal_ids.product_id, milk)

    def _sell(self, company, store, products, partner=None, times=1):
        now = fields.Datetime.now()
        rows = []
        for time in range(times):
            for product in products:
                basket = f"tour,{len(products)},{time}"
                rows.append(
                    {
                        "source_model": "tour",
                        "source_line": f"{basket},{product.id}",
                        "event": "sold",
                        "basket": basket,
                        "sold_at": now,
                        "day": now.date() - timedelta(days=time % 9),
                        "company_id": company.id,
                        "store_id": store.id,
                        "partner_id": partner.id if partner else None,
                        "product_id": product.id,
                        "qty": 1,
                        "currency_id": company.currency_id.id,
                    }
                )
        self.env["retail.sale.fact"]._upsert(rows)
