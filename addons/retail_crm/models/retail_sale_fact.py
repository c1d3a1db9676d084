import json
import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from odoo.tools.json import json_default

_logger = logging.getLogger(__name__)

KEY_COLUMNS = ("source_model", "source_line", "event")
VALUE_COLUMNS = (
    "basket",
    "document",
    "sold_at",
    "day",
    "company_id",
    "store_id",
    "channel_id",
    "partner_id",
    "guide_id",
    "product_id",
    "qty",
    "price_subtotal",
    "price_tax",
    "price_total",
    "discount_amount",
    "promotion_amount",
    "cost",
    "currency_id",
    "amount_company",
    "total_company",
)


class RetailSaleFact(models.Model):
    """What was really sold or returned: one row per product line, whatever the channel.

    Rows are written by SQL in the transaction of the event (``retail.fact.source``), or by the
    import of history; nobody edits them. Reports, figures and learners read this table only.
    """

    _name = "retail.sale.fact"
    _description = "Sold Line"
    _order = "sold_at desc, id desc"
    _rec_name = "document"

    source_model = fields.Char(required=True, readonly=True)
    source_line = fields.Char(required=True, readonly=True)
    event = fields.Selection(
        [("sold", "Sold"), ("returned", "Returned")], required=True, readonly=True
    )
    basket = fields.Char(
        required=True,
        readonly=True,
        help="The sale that the line belongs to; a return carries the basket of its sale "
        "where that is known.",
    )
    document = fields.Char(readonly=True)
    sold_at = fields.Datetime(string="Sold On", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True, help="Calendar day by the clock of the store.")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="restrict")
    channel_id = fields.Many2one("sale.channel", readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null"
    )
    guide_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    product_tmpl_id = fields.Many2one(related="product_id.product_tmpl_id", string="Template")
    categ_id = fields.Many2one(related="product_id.categ_id")
    qty = fields.Float(
        string="Quantity",
        digits="Product Unit",
        readonly=True,
        help="In the product's own unit; negative when returned.",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    price_subtotal = fields.Monetary(
        string="Untaxed Amount",
        readonly=True,
        aggregator="sum_currency",
        help="After every discount.",
    )
    price_tax = fields.Monetary(string="Tax", readonly=True, aggregator="sum_currency")
    price_total = fields.Monetary(
        string="Amount",
        readonly=True,
        aggregator="sum_currency",
        help="Tax included, after every discount.",
    )
    discount_amount = fields.Monetary(
        string="Line Discount",
        readonly=True,
        aggregator="sum_currency",
        help="What the discount shown on the line took off, tax included.",
    )
    promotion_amount = fields.Monetary(
        string="Promotion",
        readonly=True,
        aggregator="sum_currency",
        help="The line's share of promotions and of discounts on the whole order, tax included.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    cost = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Value of the goods as stock booked it; empty until stock has valued them.",
    )
    amount_company = fields.Monetary(
        string="Untaxed Amount (Company)", currency_field="company_currency_id", readonly=True
    )
    total_company = fields.Monetary(
        string="Amount (Company)", currency_field="company_currency_id", readonly=True
    )

    _source_uniq = models.Constraint(
        "UNIQUE(source_model, source_line, event)", "A line is sold or returned only once."
    )
    _basket_idx = models.Index("(basket)")
    _sold_at_idx = models.Index("(sold_at DESC, id DESC)")
    _company_day_idx = models.Index("(company_id, day)")
    _store_day_idx = models.Index("(store_id, day)")
    _partner_day_idx = models.Index("(partner_id, day) WHERE partner_id IS NOT NULL")
    _product_day_idx = models.Index("(product_id, day)")

    # === WRITING === #

    @api.model
    def _upsert(self, values):
        """Write rows, given as dicts of the columns, with one INSERT ... ON CONFLICT.

        Returns {(source_model, source_line, event): "inserted" | "updated"}; rows that are
        there with the same values are left alone and are not in the answer.
        """
        if not values:
            return {}
        rows = self.env.execute_query(self._upsert_sql(values))
        self.invalidate_model(flush=False)
        changed = {tuple(key): "inserted" if new else "updated" for *key, new, _past in rows}
        if changed:
            self._refresh_members(values, rows[0][-1])
        return changed

    @api.model
    def _replace(self, baskets, values):
        """Make these rows the only ones of the baskets, in one statement; return counts."""
        gone = SQL(
            """gone AS (
                DELETE FROM retail_sale_fact f WHERE f.basket = ANY(%s) AND NOT EXISTS (
                    SELECT 1 FROM incoming i WHERE i.source_model = f.source_model
                       AND i.source_line = f.source_line AND i.event = f.event
                ) RETURNING f.id
            )""",
            list(baskets),
        )
        query = SQL(
            "%s SELECT count(*) FILTER (WHERE new), count(*) FILTER (WHERE NOT new),"
            " (SELECT count(*) FROM gone),"
            " (SELECT array_agg(DISTINCT f.partner_id) FROM retail_sale_fact f"
            "   WHERE f.basket = ANY(%s)) FROM written",
            self._upsert_ctes(values, gone),
            list(baskets),
        )
        ((inserted, updated, deleted, past),) = self.env.execute_query(query)
        if inserted or updated or deleted:
            self.invalidate_model(flush=False)
            self._refresh_members(values, past)
        return {"inserted": inserted, "updated": updated, "deleted": deleted}

    def _upsert_sql(self, values):
        return SQL(
            "%s SELECT source_model, source_line, event, new,"
            " (SELECT array_agg(DISTINCT f.partner_id) FROM retail_sale_fact f"
            "   JOIN incoming USING (source_model, source_line, event)) FROM written",
            self._upsert_ctes(values),
        )

    def _refresh_members(self, values, past):
        """Bring the figures up to date of those who bought, by the rows now and before.

        The figures are derived data of the same right as the rows: nobody writes them by hand.
        """
        buyers = {row.get("partner_id") for row in values} | set(past or ())
        self.env["retail.member.figure"].sudo()._refresh(buyers - {None, False})

    def _upsert_ctes(self, values, *others):
        """Return the WITH clause whose part ``written`` writes the rows and tells what changed."""
        columns = [SQL.identifier(name) for name in (*KEY_COLUMNS, *VALUE_COLUMNS)]
        changing = [SQL.identifier(name) for name in VALUE_COLUMNS]
        key = SQL(", ").join(SQL.identifier(name) for name in KEY_COLUMNS)
        parts = [
            SQL(
                "incoming AS (SELECT * FROM"
                " jsonb_populate_recordset(NULL::retail_sale_fact, %s::jsonb))",
                json.dumps([_plain(row) for row in values], default=json_default),
            ),
            *others,
            SQL(
                """written AS (
                    INSERT INTO retail_sale_fact AS f
                           (%(columns)s, create_uid, create_date, write_uid, write_date)
                    SELECT %(columns)s, %(uid)s, %(now)s, %(uid)s, %(now)s FROM incoming
                     ORDER BY %(key)s
                        ON CONFLICT (%(key)s) DO UPDATE
                       SET %(set)s, write_uid = EXCLUDED.write_uid,
                           write_date = EXCLUDED.write_date
                     WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
                 RETURNING f.source_model, f.source_line, f.event, (xmax = 0) AS new
                )""",
                columns=SQL(", ").join(columns),
                uid=self.env.uid,
                now=self.env.cr.now(),
                key=key,
                set=SQL(", ").join(SQL("%s = EXCLUDED.%s", name, name) for name in changing),
                old=SQL(", ").join(SQL("f.%s", name) for name in changing),
                new=SQL(", ").join(SQL("EXCLUDED.%s", name) for name in changing),
            ),
        ]
        return SQL("WITH %s", SQL(", ").join(parts))

    # === CHECK AND REBUILD === #

    @api.model
    def _source_document_models(self):
        """Return the names of the document models that write rows; bridges add theirs."""
        return ["sale.order"]

    @api.model
    def _check(self):
        """Compare the table with its sources and repair it; return the counts of changed rows."""
        counts = {"suspects": 0, "inserted": 0, "updated": 0, "deleted": 0}
        for batch in self._suspect_batches():
            self._repair(batch, counts)
        return counts

    @api.model
    def _cron_check(self):
        """Nightly check and repair, in steps that are committed one by one."""
        counts = {"suspects": 0, "inserted": 0, "updated": 0, "deleted": 0}
        batches = list(self._suspect_batches())
        self.env["ir.cron"]._commit_progress(remaining=len(batches))
        for batch in batches:
            self._repair(batch, counts)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _suspect_batches(self):
        self.env.flush_all()
        for model in self._source_document_models():
            source = self.env[model].sudo()
            yield from source.browse(source._fact_suspects())._fact_batches()

    @staticmethod
    def _repair(batch, counts):
        counts["suspects"] += len(batch)
        changed = batch._fact_write(batch.exists())
        for name, count in changed.items():
            counts[name] += count
        if any(changed.values()):
            _logger.info(
                "Sold lines repaired from %s: %s", batch._name, json.dumps(changed, sort_keys=True)
            )

    @api.model
    def _rebuild(self, domain=None):
        """Make the rows of all documents in the domain anew from their sources.

        The domain is on the documents and may name the fields that all of them have:
        company_id, date_order, partner_id. Imported history is its own source and stays.
        """
        self.env.flush_all()
        for model in self._source_document_models():
            self.env[model].sudo()._fact_rebuild(domain or [])
        self.invalidate_model(flush=False)
        if not domain:
            self._check()  # also finds the rows of documents that are gone
        self.env["retail.member.figure"].sudo()._refresh()  # derived from the rows

    def action_check(self):
        """Compare with the sources now, repair, and tell what was found."""
        if not self.env.user.has_group("retail_crm.group_retail_admin"):
            raise AccessError(self.env._("Only a retail administrator checks the sold lines."))
        counts = self.env["retail.sale.fact"].sudo()._check()
        message = self.env._(
            "Missing: %(inserted)s, wrong: %(updated)s, surplus: %(deleted)s. All is right now.",
            inserted=counts["inserted"],
            updated=counts["updated"],
            deleted=counts["deleted"],
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


def _plain(row):
    """Return the row as JSON can hold it: empty records become null."""
    return {name: None if value is False else value for name, value in row.items()}
