"""Points, coupons and cards of stock loyalty are settled with the paid order itself.

Stock's till sends the order, and then a second call that tells of its points. A browser that is
killed between the two leaves points ungiven and cards unused. Our till sends with the order what
the second call would tell; that call finds it done and is told what came of it.
"""

import json
import logging
from copy import deepcopy

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import json_default

from .pos_order_check import PAID_STATES

_logger = logging.getLogger(__name__)


class PosOrder(models.Model):
    _inherit = "pos.order"

    retail_loyalty = fields.Json(
        string="Points and Cards",
        copy=False,
        readonly=True,
        help="From the till: {asked: changes of points by card}. Once they are made: {told: the "
        "answer for the till}.",
    )

    def _process_saved_order(self, draft):
        result = super()._process_saved_order(draft)
        if not draft and self.state in PAID_STATES:
            self._retail_loyalty_settle()
        return result

    def _retail_loyalty_settle(self):
        """Make the changes that the till asked for; never keep a paid order from being saved."""
        asked = (self.retail_loyalty or {}).get("asked")
        if not asked:
            return
        try:
            with self.env.cr.savepoint():
                self.confirm_coupon_programs(deepcopy(asked))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Another till changes the same card: the whole call is tried again.
            raise
        except Exception as error:
            # The customer has paid: the sale must be taken. The till's own call may still do it.
            _logger.warning("Points of %s can't be given", self.name, exc_info=True)
            # Cashiers have no rights on what is recorded about promotions.
            order = self.sudo()
            order._retail_promo_file_failure(
                self.env._("Points and cards could not be changed: %(error)s", error=error),
                order._retail_promo_outcome(),
            )

    def confirm_coupon_programs(self, coupon_data):
        """Make the changes of an order once, whoever asks first: its own arrival or the till."""
        known = self.retail_loyalty or {}
        if "told" in known:
            return self._retail_loyalty_told(known["told"])
        result = super().confirm_coupon_programs(coupon_data)
        if "asked" in known:
            told = json.loads(json.dumps(result, default=json_default))
            self.retail_loyalty = {"told": told}
        return result

    def _retail_loyalty_told(self, told):
        """Return the answer for the till, with the points that the cards have now."""
        cards = self.env["loyalty.card"]
        updates = [
            {**update, "points": card.points}
            for update in told["coupon_updates"]
            if (card := cards.browse(update["id"]).exists())
        ]
        return {**told, "coupon_updates": updates}
