import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class PosOrder(models.Model):
    _inherit = "pos.order"

    retail_recommendation_events = fields.Json(
        copy=False,
        help="What the till showed, added or refused in this order: a list of uuid, action, "
        "product_id, reason, rank. Filed when the order arrives.",
    )

    @api.model
    def sync_from_ui(self, orders):
        # A quotation settled at the till is confirmed here, after it was paid.
        return super(PosOrder, self.with_context(retail_paid_first=True)).sync_from_ui(orders)

    def _process_saved_order(self, draft):
        result = super()._process_saved_order(draft)
        self._record_recommendations(self.retail_recommendation_events, sold=not draft)
        return result

    def _record_recommendations(self, events, sold):
        """File the order's events; whatever they are, they never stop a paid order."""
        self.ensure_one()
        if not events:
            return
        try:
            with self.env.cr.savepoint():
                self._file_recommendations(events, sold)
        except Exception:  # pylint: disable=broad-except
            _logger.exception("Recommendations of till order %s are not filed", self.id)

    def _file_recommendations(self, events, sold):
        log = self.env["retail.recommendation.log"]
        document = f"{self._name},{self.id}"
        log._record_events(
            events,
            basket_key=self.uuid,
            source="till",
            partner=self.partner_id,
            store=self.config_id._retail_store(),
            company=self.company_id,
            user=self.user_id,
            document=document,
        )
        if sold:
            log._record_sold(
                self._recommendable_amounts(),
                basket_key=self.uuid,
                user=self.user_id,
                document=document,
            )

    def _recommendable_amounts(self):
        """Return {product id: (quantity, amount without tax in company currency)}."""
        self.ensure_one()
        sold = {}
        for line in self.lines:
            quantity, amount = sold.get(line.product_id.id, (0.0, 0.0))
            sold[line.product_id.id] = (
                quantity + line.qty,
                amount + line.price_subtotal / (self.currency_rate or 1.0),
            )
        return sold
