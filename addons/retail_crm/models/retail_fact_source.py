from odoo import api, models
from odoo.tools import SQL

from ..crm_engine.local_time import local_day


class RetailFactSource(models.AbstractModel):
    """Mixin of the documents whose lines become rows of ``retail.sale.fact``.

    A document model says which of its documents count (``_fact_counted``), what holds for all
    lines (``_fact_header``) and which records the lines are (``_fact_lines``); its line model
    has ``_fact_is_goods()`` and ``_fact_line_values()``. ``_fact_write()`` is called after each
    event and makes the table agree with the documents, in the same transaction.
    """

    _name = "retail.fact.source"
    _description = "Document Whose Lines Are Sold"

    # === WHAT A DOCUMENT TELLS === #

    def _fact_counted(self):
        """Return those of the documents that are sold by now."""
        return self.browse()

    def _fact_lines(self):
        """Return all lines of one document."""
        raise ValueError(f"{self._name} does not name its lines")

    def _fact_header(self):
        """Return what all rows of one document share.

        Keys: document, sold_at (naive UTC), company, store, channel, partner (records),
        currency (record), rate (document currency per unit of company currency).
        """
        raise ValueError(f"{self._name} has no header for its sold lines")

    def _fact_goods_lines(self):
        """Return the lines of one document that are goods or services really sold."""
        return self._fact_lines().filtered(lambda line: line._fact_is_goods())

    def _fact_promotion_shares(self):
        """Return {line id: amount incl. tax >= 0} that promotions take off each goods line."""
        return {}

    def _fact_return_values(self, shares):
        """Return rows for returns that are booked outside the document (credit notes)."""
        return []

    # === ROWS === #

    def _fact_basket(self):
        return f"{self._name},{self.id}"

    def _fact_values(self):
        """Return the rows of the documents, as dicts of column values."""
        rows = []
        for document in self._fact_counted():
            shares = document._fact_promotion_shares()
            header = document._fact_header()
            for line in document._fact_goods_lines():
                values = line._fact_line_values()
                if values["qty"]:
                    share = shares.get(line.id, 0.0) * values.pop("fraction", 1.0)
                    rows.append(document._fact_row(header, line, values, share))
            rows += document._fact_return_values(shares)
        return rows

    def _fact_row(self, header, line, values, share, event=None, day=None):
        """Return one row of the table.

        ``values`` has product, guide (records), qty in the product's unit, price_subtotal and
        price_total before the promotion share, discount_amount, cost. ``share`` is the
        promotion share incl. tax, with the sign of the price. Amounts come out rounded.
        """
        currency, company = header["currency"], header["company"]
        subtotal, total = values["price_subtotal"], values["price_total"]
        share = currency.round(share)
        if share:
            subtotal -= currency.round(share * subtotal / total) if total else 0.0
            total -= share
        subtotal, total = currency.round(subtotal), currency.round(total)
        in_company = company.currency_id.round
        zone = header["store"]._get_retail_tz(company)
        return {
            "source_model": line._name,
            "source_line": str(line.id),
            "event": event or ("returned" if values["qty"] < 0 else "sold"),
            "basket": self._fact_basket(),
            "document": header["document"],
            "sold_at": header["sold_at"],
            "day": day or local_day(header["sold_at"], zone),
            "company_id": company.id,
            "store_id": header["store"].id,
            "channel_id": header["channel"].id,
            "partner_id": header["partner"].commercial_partner_id.id,
            "guide_id": values["guide"].id,
            "product_id": values["product"].id,
            "qty": values["qty"],
            "price_subtotal": subtotal,
            "price_tax": currency.round(total - subtotal),
            "price_total": total,
            "discount_amount": currency.round(values["discount_amount"]),
            "promotion_amount": share,
            "cost": values["cost"],
            "currency_id": currency.id,
            "amount_company": in_company(subtotal / header["rate"]),
            "total_company": in_company(total / header["rate"]),
        }

    def _fact_write(self, existing=None):
        """Make the table agree with these documents: one statement, unchanged rows untouched.

        ``existing`` are those that are still there, when some may be gone. Returns the counts
        of changed rows.
        """
        if not self:
            return {"inserted": 0, "updated": 0, "deleted": 0}
        documents = (self if existing is None else existing).sudo()
        baskets = [document._fact_basket() for document in self]
        return self.env["retail.sale.fact"]._replace(baskets, documents._fact_values())

    def _fact_payment_products(self, products):
        """Return those of the products that are means of payment: gift cards and e-wallets.

        Both what is bought to load a card and what a card pays with is no goods.
        """
        services = products.filtered(lambda product: product.product_tmpl_id.type == "service")
        if not services:
            return services
        paying = self._fact_payment_product_ids()
        return services.filtered(lambda product: product.id in paying)

    @api.model
    def _fact_payment_product_ids(self):
        """Return the ids of all services that load gift cards and e-wallets or pay with them."""
        self.env["loyalty.program"].flush_model(["program_type"])
        rules = self.env["loyalty.rule"]
        rules.flush_model(["product_ids", "program_id"])
        self.env["loyalty.reward"].flush_model(["discount_line_product_id", "program_id"])
        self.env["product.template"].flush_model(["type"])
        loading = rules._fields["product_ids"]
        # Also programs that are archived: old orders have them.
        query = SQL(
            """
            WITH program AS (
                SELECT id FROM loyalty_program WHERE program_type IN ('gift_card', 'ewallet')
            ), paying AS (
                SELECT rel.%(product)s AS id FROM %(rel)s rel
                  JOIN loyalty_rule rule ON rule.id = rel.%(rule)s
                 WHERE rule.program_id IN (SELECT id FROM program)
                 UNION
                SELECT discount_line_product_id FROM loyalty_reward
                 WHERE program_id IN (SELECT id FROM program)
            )
            SELECT product.id FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE product.id IN (SELECT id FROM paying) AND template.type = 'service'
            """,
            rel=SQL.identifier(loading.relation),
            rule=SQL.identifier(loading.column1),
            product=SQL.identifier(loading.column2),
        )
        return {product_id for (product_id,) in self.env.execute_query(query)}

    # === CHECK AND REBUILD === #

    def _fact_suspects(self):
        """Return the ids of documents whose rows may be wrong, found by set-based SQL.

        Ids of documents that don't exist any more are among them. ``_fact_write()`` on a
        document that is right changes nothing, so naming too many costs time only.
        """
        return []

    def _fact_rebuild(self, domain):
        """Write the rows of all documents in the domain anew."""
        documents = self.sudo().search(domain)
        for batch in documents._fact_batches():
            batch._fact_write()

    def _fact_batches(self, size=500):
        """Yield the documents in batches that fit in memory."""
        for start in range(0, len(self), size):
            yield self.browse(self.ids[start : start + size])
