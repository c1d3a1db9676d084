"""The server judges what a till granted: it evaluates again and files what differs."""

import logging

from odoo import models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot
from odoo.addons.retail_promo.promo_engine import evaluate

_logger = logging.getLogger(__name__)

PAID_STATES = ("paid", "done")


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _process_saved_order(self, draft):
        result = super()._process_saved_order(draft)
        if not draft and self.state in PAID_STATES:
            self._retail_promo_settle()
        return result

    def _retail_promo_settle(self):
        """Record and check the promotions of a paid order; never keep it from being saved."""
        # Cashiers have no rights on what is recorded about promotions.
        order = self.sudo()
        try:
            with self.env.cr.savepoint():
                order._retail_promo_record()
                order._retail_promo_check()
                order._retail_promo_take()
        except Exception as error:
            # Whatever goes wrong here, the customer has paid: the sale must be taken.
            _logger.warning("Promotions of %s can't be checked", self.name, exc_info=True)
            reason = self.env._("The check failed: %(error)s", error=error)
            order._retail_promo_file_failure(reason, {})

    def _retail_promo_file_failure(self, reason, due):
        """File what failed; what fails here, too, is in the log. due: as _retail_promo_file."""
        try:
            with self.env.cr.savepoint():
                self._retail_promo_file(due, reason)
        except Exception:
            _logger.exception("The failed check of %s can't be filed", self.name)

    def _retail_promo_check(self):
        """Evaluate again and file the difference, if there is one."""
        self.ensure_one()
        due = self._retail_promo_due()
        if self.refunded_order_id:
            due = _sum_of(due, self._retail_promo_due_back())
        if due != self._retail_promo_outcome():
            self._retail_promo_file(due, self.env._("The server comes to another result."))

    def _retail_promo_outcome(self):
        """Return {promotion id as text: minor units}: what was given less what was taken back."""
        return _sum_of(self._retail_promo_given(), self._retail_promo_given(back=True))

    def _retail_promo_due(self):
        """Return {promotion id as text: minor units} by the rules the till should have used."""
        # A gift not chosen and free delivery apply without taking anything off.
        return {
            str(entry["program"]): entry["amount"]
            for entry in self._retail_promo_applied()
            if entry["amount"]
        }

    def _retail_promo_applied(self):
        """Return what the engine applies to this sale: [{program, version, amount, units}]."""
        goods = self._retail_promo_sold()
        if not goods:
            return []
        cart = self._retail_promo_cart(
            {line: line.qty for line in goods}, self._retail_promo_amounts(goods)
        )
        cart["used"] = self._retail_promo_used(cart)
        return evaluate(cart, *self._retail_promo_rules())["applied"]

    def _retail_promo_rules(self):
        """Return the arguments of the engine: the running promotions, in the till's versions.

        What the till named holds in the version it named, also when it has ended since.
        """
        promotions = self.env["retail.promotion"]
        named = {
            line.retail_promotion_id: line.retail_promotion_version
            for line in self.lines
            if line.retail_promotion_id
        }
        index = promotions._engine_index(self.company_id.id)
        current = {program.id: program.version for program in index.programs}
        if all(current.get(promotion.id) == version for promotion, version in named.items()):
            return (index,)
        given = promotions._engine_input(self.company_id)
        programs = {program["id"]: program for program in given["programs"]}
        for promotion, version in named.items():
            programs[promotion.id] = promotion._engine_program_at(version)
        return (list(programs.values()), given["groups"])

    def _retail_promo_file(self, due, reason):
        """File that the server sees this order otherwise; the paid amount stands."""
        given = self._retail_promo_outcome()
        currency = self.currency_id
        self.env["retail.promotion.difference"]._file(
            self,
            {
                "name": self.pos_reference or self.name,
                "sold_at": self.date_order,
                "company_id": self.company_id.id,
                "currency_id": currency.id,
                "store_id": self.config_id._retail_promotion_store().id,
                "partner_id": self.partner_id.id,
                "user_id": self.user_id.id,
                "till_outcome": given,
                "server_outcome": due,
                "till_amount": snapshot.from_minor(currency, sum(given.values())),
                "server_amount": snapshot.from_minor(currency, sum(due.values())),
                "reason": reason,
            },
        )


def _sum_of(*outcomes):
    """Add up outcomes {promotion id as text: minor units}, what comes to nothing left out."""
    total = {}
    for outcome in outcomes:
        for key, minor in outcome.items():
            total[key] = total.get(key, 0) + minor
    return {key: minor for key, minor in total.items() if minor}
