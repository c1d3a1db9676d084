from odoo import api, models
from odoo.tools import SQL


class RetailPaidBasket(models.AbstractModel):
    """Finds what a member bought and paid: orders and till receipts, by the sold lines."""

    _name = "retail.paid.basket"
    _description = "Paid Orders of a Member"

    @api.model
    def _find(self, member, company, since=None, until=None):
        """Return the paid baskets of a member that were sold in a time, the first one first.

        Each is {basket, document, sold_at, total, left}: what it came to and what is left of it
        after returns, tax included, in company currency. Imported history is none.
        """
        conditions = [
            SQL("f.partner_id = %s", member.commercial_partner_id.id),
            SQL("f.company_id = %s", company.id),
            SQL("f.source_model != 'retail.import.history'"),
        ]
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT f.basket,
                       MIN(f.document) FILTER (WHERE f.event = 'sold') AS document,
                       MIN(f.sold_at) FILTER (WHERE f.event = 'sold') AS sold_at,
                       SUM(f.total_company) FILTER (WHERE f.event = 'sold') AS total,
                       SUM(f.total_company) AS left
                  FROM retail_sale_fact f
                 WHERE %s
              GROUP BY f.basket
                HAVING COUNT(*) FILTER (WHERE f.event = 'sold') > 0
              ORDER BY 3, 1
                """,
                SQL(" AND ").join(conditions),
            )
        )
        rows = [
            row
            for row in rows
            if (not since or row["sold_at"] >= since) and (not until or row["sold_at"] < until)
        ]
        paid = self._paid([row["basket"] for row in rows])
        return [row for row in rows if row["basket"] in paid]

    @api.model
    def _paid(self, baskets):
        """Return those of the baskets that are paid. A till's are, once they are sold lines."""
        ids = {
            basket: int(basket.split(",")[1])
            for basket in baskets
            if basket.startswith("sale.order,")
        }
        # Whoever draws needs no right on orders and invoices.
        orders = self.env["sale.order"].sudo().browse(ids.values()).exists()
        paid = set(orders.filtered(lambda order: order._retail_is_paid()).ids)
        return {basket for basket in baskets if basket not in ids or ids[basket] in paid}
