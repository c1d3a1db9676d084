import json

from odoo import api, fields, models
from odoo.tools import SQL

from . import recommendation_snapshot as snapshot

#: What a client may file; "sold" is filed by the server alone, when the document is confirmed.
CLIENT_ACTIONS = ("shown", "clicked", "added", "refused")
#: More events than this in one call are cut off: a basket never shows so many products.
MAX_EVENTS = 500
MAX_KEY_LENGTH = 100


class RetailRecommendationLog(models.Model):
    """One thing that happened to a recommendation, filed exactly once.

    ``uuid`` is made by the client (form or till); the same one sent again changes nothing.
    ``basket_key`` ties the rows of one basket together, whatever becomes of it.
    """

    _name = "retail.recommendation.log"
    _description = "Recommendation Log"
    _order = "logged_at desc, id desc"
    _rec_name = "product_id"

    uuid = fields.Char(required=True, readonly=True)
    basket_key = fields.Char(string="Basket", required=True, readonly=True, index=True)
    action = fields.Selection(
        [
            ("shown", "Shown"),
            ("clicked", "Clicked"),
            ("added", "Added"),
            ("refused", "Refused"),
            ("sold", "Sold"),
        ],
        required=True,
        readonly=True,
    )
    logged_at = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    reason = fields.Selection(
        selection="_selection_reason", readonly=True, help="Why the product was recommended."
    )
    rank = fields.Integer(readonly=True, help="Place in the list that was shown; 1 is first.")
    partner_id = fields.Many2one(
        "res.partner", string="Member", readonly=True, index="btree_not_null", ondelete="set null"
    )
    held_out = fields.Boolean(
        readonly=True,
        help="The member belonged to those who get popular products only, so that what "
        "recommendations bring can be measured.",
    )
    user_id = fields.Many2one("res.users", string="Guide", readonly=True, ondelete="set null")
    store_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="set null")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    source = fields.Selection(
        selection="_selection_source", required=True, readonly=True, string="Shown On"
    )
    document = fields.Char(
        readonly=True, help="Record that holds the basket, as model,id; empty while unsaved."
    )
    quantity = fields.Float(readonly=True, digits="Product Unit")
    amount_company = fields.Monetary(
        string="Amount",
        currency_field="company_currency_id",
        readonly=True,
        help="What was sold, without tax, in the company's currency.",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")

    _uuid_uniq = models.Constraint("UNIQUE(uuid)", "This event has been filed already.")

    @api.model
    def _selection_reason(self):
        return [
            ("repeat", self.env._("Bought before")),
            ("basket", self.env._("Goes with the basket")),
            ("history", self.env._("Goes with earlier purchases")),
            ("popular", self.env._("Popular in the store")),
            ("instead", self.env._("Instead of another product")),
        ]

    @api.model
    def _selection_source(self):
        return [("order", self.env._("Sales Order")), ("member", self.env._("Member"))]

    @api.model
    def record_events(self, events, basket_key, source, partner_id=False, store_id=False):
        """File what a client showed, clicked, added or refused; the caller's own rights hold.

        :param events: list of ``{"uuid", "action", "product_id", "reason", "rank"}``
        :param basket_key: the client's key of the basket
        :return: number of events that were new
        :raise AccessError: the member or the store is out of the caller's reach
        """
        self.check_access("read")
        partner = self.env["res.partner"].browse(partner_id or [])
        store = self.env["stock.warehouse"].browse(store_id or [])
        partner.check_access("read")
        store.check_access("read")
        return self._record_events(
            events,
            basket_key=basket_key,
            source=source,
            partner=partner,
            store=store,
            company=store.company_id or self.env.company,
            user=self.env.user,
        )

    @api.model
    def _record_events(
        self, events, *, basket_key, source, partner, store, company, user, document=None
    ):
        """Insert the events that are new and note the member's refusals.

        Rights are the caller's matter. Events of unknown products, of unknown actions or
        without a uuid are dropped: they come from a client and must never stop a sale.
        """
        partner = partner.commercial_partner_id
        rows = self._clean_events(events)
        if not rows:
            return 0
        settings = self.env["retail.recommendation.model"]._settings(company.id)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO retail_recommendation_log
                       (uuid, action, product_id, reason, rank, logged_at, basket_key, source,
                        partner_id, held_out, user_id, store_id, company_id, document,
                        create_uid, create_date, write_uid, write_date)
                SELECT event.uuid, event.action, product.id, event.reason, event.rank,
                       %(now)s, %(basket)s, %(source)s,
                       %(partner)s, %(held_out)s, %(user)s, %(store)s, %(company)s, %(document)s,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM jsonb_to_recordset(%(events)s) AS event(
                           uuid text, action text, product_id integer, reason text, rank integer)
                  JOIN product_product product ON product.id = event.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                   AND COALESCE(template.company_id, %(company)s) = %(company)s
                    ON CONFLICT (uuid) DO NOTHING
                """,
                events=json.dumps(rows),
                now=self.env.cr.now(),
                basket=str(basket_key)[:MAX_KEY_LENGTH],
                source=source,
                partner=partner.id or None,
                held_out=snapshot.is_held_out(partner.id, settings.holdout_percent),
                user=user.id,
                store=store.id or None,
                company=company.id,
                document=document,
            )
        )
        inserted = self.env.cr.rowcount
        refused = {row["product_id"] for row in rows if row["action"] == "refused"}
        if partner and refused:
            self.env["retail.recommendation.refusal"]._refuse(company, partner, refused, user)
        self.invalidate_model()
        return inserted

    @api.model
    def _clean_events(self, events):
        """Return the well-formed events as plain dicts, at most ``MAX_EVENTS``."""
        reasons = {code for code, _label in self._selection_reason()}
        rows = []
        for event in events[:MAX_EVENTS] if isinstance(events, list) else []:
            if not self._is_event(event):
                continue
            reason = event.get("reason")
            rank = event.get("rank")
            rows.append(
                {
                    "uuid": event["uuid"],
                    "action": event["action"],
                    "product_id": event["product_id"],
                    "reason": reason if reason in reasons else None,
                    "rank": rank if isinstance(rank, int) and 0 < rank <= MAX_EVENTS else None,
                }
            )
        return rows

    @api.model
    def _is_event(self, event):
        return (
            isinstance(event, dict)
            and isinstance(event.get("uuid"), str)
            and 0 < len(event["uuid"]) <= MAX_KEY_LENGTH
            and event.get("action") in CLIENT_ACTIONS
            and isinstance(event.get("product_id"), int)
            and 0 < event["product_id"] < 2**31
        )

    @api.model
    def _record_sold(self, sold, *, basket_key, user, document):
        """File as sold what the basket really sold of what was recommended in it.

        :param sold: {product id: (quantity, amount in company currency)}; returns count below
            zero and sell nothing
        :return: number of rows that were new
        """
        rows = [
            {"product_id": product_id, "quantity": quantity, "amount": amount}
            for product_id, (quantity, amount) in sold.items()
            if quantity > 0
        ]
        if not (rows and basket_key):
            return 0
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO retail_recommendation_log
                       (uuid, action, product_id, reason, rank, logged_at, basket_key, source,
                        partner_id, held_out, user_id, store_id, company_id, document,
                        quantity, amount_company,
                        create_uid, create_date, write_uid, write_date)
                SELECT DISTINCT ON (log.product_id)
                       %(basket)s || '/' || log.product_id || '/sold', 'sold', log.product_id,
                       log.reason, log.rank, %(now)s, %(basket)s, log.source,
                       log.partner_id, log.held_out, log.user_id, log.store_id, log.company_id,
                       %(document)s, sold.quantity, sold.amount,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM retail_recommendation_log log
                  JOIN jsonb_to_recordset(%(sold)s) AS sold(
                           product_id integer, quantity numeric, amount numeric)
                    ON sold.product_id = log.product_id
                 WHERE log.basket_key = %(basket)s AND log.action IN ('shown', 'added')
                 ORDER BY log.product_id, log.action, log.id
                    ON CONFLICT (uuid) DO NOTHING
                """,
                sold=json.dumps(rows),
                basket=basket_key,
                now=self.env.cr.now(),
                user=user.id,
                document=document,
            )
        )
        inserted = self.env.cr.rowcount
        self.invalidate_model()
        return inserted

    @api.model
    def _forget_sold(self, basket_keys):
        """Take back the sales of cancelled baskets; confirmed again, they are filed again."""
        self.sudo().search(
            [("basket_key", "in", list(filter(None, basket_keys))), ("action", "=", "sold")]
        ).unlink()
