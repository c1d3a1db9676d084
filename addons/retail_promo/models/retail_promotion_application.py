from odoo import api, fields, models

from ..promo_engine import mul_div
from . import promotion_snapshot as snapshot


class RetailPromotionApplication(models.Model):
    """What a promotion granted on one line of one sale, with the version of its rules.

    Written when the sale is agreed (order confirmed, till order paid), by the system only.
    """

    _name = "retail.promotion.application"
    _description = "Granted Promotion"
    _order = "granted_at desc, id desc"
    _rec_name = "document_name"

    promotion_id = fields.Many2one(
        "retail.promotion", required=True, index=True, ondelete="restrict", readonly=True
    )
    version = fields.Integer(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True, readonly=True
    )
    document = fields.Char(
        required=True, readonly=True, help="Model and number of the document in one."
    )
    document_name = fields.Char(string="Order", readonly=True)
    line_key = fields.Char(
        string="Line", required=True, readonly=True, help="The order line that got it."
    )
    granted_at = fields.Datetime(string="Date", required=True, readonly=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True, index="btree_not_null")
    channel_id = fields.Many2one("sale.channel", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    qty = fields.Float(string="Quantity", digits="Product Unit", readonly=True)
    amount = fields.Monetary(
        string="Discount", readonly=True, help="As the promotion counts: with or without tax."
    )
    amount_company = fields.Monetary(
        string="Discount in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    amount_untaxed = fields.Monetary(string="Discount Without Tax", readonly=True)
    amount_total = fields.Monetary(string="Discount With Tax", readonly=True)
    untaxed_company = fields.Monetary(
        string="Without Tax in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
        help="What the ledger books on the account of the promotion, at the rate of the sale.",
    )
    total_company = fields.Monetary(
        string="With Tax in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    state = fields.Selection(
        [("granted", "Granted"), ("cancelled", "Cancelled")],
        required=True,
        default="granted",
        readonly=True,
        index=True,
    )

    _line_uniq = models.Constraint(
        "UNIQUE(document, line_key, promotion_id)", "A line gets a promotion once."
    )

    @api.model
    def _spread(self, shares, untaxed, total, currency, company_currency, rate):
        """Return what of a promotion line lies on each line of goods, exact in every column.

        shares: {key: minor units, all of them given or taken back}; untaxed, total: of the
        promotion line, positive when given; rate: currency per company currency.
        """
        columns = {
            "amount_untaxed": (untaxed, currency),
            "amount_total": (total, currency),
            "untaxed_company": (company_currency.round(untaxed / (rate or 1.0)), company_currency),
            "total_company": (company_currency.round(total / (rate or 1.0)), company_currency),
        }
        whole = sum(shares.values())
        spread = {key: {} for key in shares}
        for name, (amount, unit) in columns.items():
            minor = snapshot.to_minor(unit, amount)
            upto = done = 0
            for key, share in shares.items():
                upto += share
                until = mul_div(minor, upto, whole) if whole else 0
                spread[key][name] = snapshot.from_minor(unit, until - done)
                done = until
        return spread

    @api.model
    def _record(self, record, rows):
        """Make the rows of a document what `rows` says, writing only what differs.

        rows: dicts of field values without the document's; amounts in the document's currency.
        """
        document = f"{record._name},{record.id}"
        present = {
            (row.promotion_id.id, row.line_key): row
            for row in self.sudo().search([("document", "=", document)])
        }
        missing = []
        for values in rows:
            row = present.pop((values["promotion_id"], values["line_key"]), None)
            if row is None:
                missing.append(
                    {
                        **values,
                        "res_model": record._name,
                        "res_id": record.id,
                        "document": document,
                    }
                )
                continue
            changed = row._changed_values({**values, "state": "granted"})
            if changed:
                row.write(changed)
        self.sudo().browse([row.id for row in present.values()]).unlink()
        return self.sudo().create(missing)

    def _changed_values(self, values):
        self.ensure_one()
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }

    @api.model
    def _cancel(self, records):
        """The documents were cancelled: their promotions were not granted after all."""
        documents = [f"{record._name},{record.id}" for record in records]
        rows = self.sudo().search([("document", "in", documents), ("state", "=", "granted")])
        rows.write({"state": "cancelled"})

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
