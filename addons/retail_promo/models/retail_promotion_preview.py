"""What a promotion gives on an example basket, computed by the engine while it is written."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..promo_engine import InvalidInput, evaluate
from ..promo_engine.rewards import WITHOUT_TARGET
from . import promotion_snapshot as snapshot

# Who, when and where: the example is of a basket that meets all of it.
CONDITIONS = (
    "from",
    "to",
    "windows",
    "stores",
    "channels",
    "currencies",
    "code",
    "classes",
    "tags_any",
    "segments_any",
    "first_only",
    "min_spend",
    "limits",
)
SOME_MOMENT = {"now": "2000-01-01T12:00:00", "utc": "2000-01-01T12:00:00Z"}
PREVIEW_ID = 0
TRIED_QUANTITIES = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100)
SAMPLE_PRODUCTS = 2
NAMED_BY = {
    "categ_id": "category_ids",
    "product_brand_id": "brand_ids",
    "all_product_tag_ids": "tag_ids",
}


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    sample_ids = fields.One2many(
        "retail.promotion.sample", "promotion_id", string="Example Basket", copy=True
    )
    preview = fields.Text(
        string="Example",
        compute="_compute_preview",
        help="Of a customer, moment and place that the promotion holds for.",
    )

    @api.depends(lambda self: (*sorted(self._preview_fields()),))
    @api.depends_context("lang")
    def _compute_preview(self):
        for promotion in self:
            promotion.preview = promotion._preview_text()

    @api.model
    def _preview_fields(self):
        parts = ("at", "gives", "amount", "percent")
        return {
            *self._rule_fields(),
            *(f"tier_ids.{part}" for part in parts),
            "gift_ids.product_id",
            "gift_ids.sequence",
            "sample_ids.product_id",
            "sample_ids.qty",
            "sample_ids.price_unit",
        }

    def _preview_text(self):
        """Return the example in words, empty while the rules are not complete."""
        self.ensure_one()
        if self._reward_gaps() or not self.currency_id:
            return ""
        basket, outcome = self._preview_found()
        if not basket:
            return ""
        lines = self._preview_basket_text(basket)
        if outcome is None:
            return self.env._("These rules can't be computed. Check the numbers.")
        return self._preview_outcome_text(lines, basket, outcome)

    def _preview_found(self):
        """Return (basket, outcome): the basket of the form, else the smallest one that gets it.

        A basket is a list of (product, quantity, amount in minor units).
        """
        if self.sample_ids:
            basket = [
                (line.product_id, line.qty, self._sample_minor(line.qty, line.price_unit))
                for line in self.sample_ids
                if line.product_id and line.qty > 0
            ]
            return basket, self._preview_outcome(basket) if basket else None
        products = self._preview_products()
        basket, outcome = [], None
        for qty in TRIED_QUANTITIES if products else ():
            basket = [
                (product, qty, self._sample_minor(qty, self._sample_price(product)))
                for product in products
            ]
            outcome = self._preview_outcome(basket)
            if outcome is None or outcome["applied"]:
                break
        return basket, outcome

    def _preview_products(self):
        """Return products for an example: one that is bought and, if others get cheaper, one."""
        bought = self._sample_product("")
        if self.reward_kind in WITHOUT_TARGET or self.target_scope == "same":
            return bought
        return bought | self._sample_product("target_", bought)

    def _sample_product(self, prefix, but=None):
        """Return a product that the product set of a prefix names, another one than `but`."""
        products = self[f"{prefix}product_ids"]._origin
        everything = not prefix and self.product_scope == "all"
        for domain in [Domain.TRUE] if everything else self._named_domains(prefix):
            products |= self._search_samples(domain)
        return (products - but if but else products)[:1]

    def _named_domains(self, prefix):
        """Return a domain for each way in which the set names products, but the products."""
        for field, name in NAMED_BY.items():
            ids = self[f"{prefix}{name}"]._origin.ids
            if ids:
                operator = "child_of" if field == "categ_id" else "in"
                yield Domain(field, operator, ids)

    def _search_samples(self, domain):
        products = self.env["product.product"]
        sellable = Domain("sale_ok", "=", True) & Domain("type", "!=", "combo")
        sellable &= Domain("list_price", ">", 0)
        sellable &= Domain(products._check_company_domain(self.company_id))
        sellable &= Domain("id", "not in", self._no_sample_product_ids())
        # Goods before services.
        return products.search(sellable & domain, limit=SAMPLE_PRODUCTS, order="type, id")

    @api.model
    def _no_sample_product_ids(self):
        """Return products that customers don't put into baskets: gift cards, wallets are money."""
        return list(self.env["sale.order"]._fact_payment_product_ids())

    def _sample_price(self, product):
        """Return the list price of a product in the currency of the promotion."""
        if not product:
            return 0.0
        currency = product.currency_id
        company = self.company_id or self.env.company
        to_currency = self.currency_id or company.currency_id
        return currency._convert(
            product.lst_price, to_currency, company, fields.Date.context_today(self)
        )

    def _sample_minor(self, qty, price):
        return snapshot.to_minor(self.currency_id, self.currency_id.round(qty * price))

    def _preview_outcome(self, basket):
        """Return the engine's outcome of a basket, its gifts put in; None when it refuses."""
        program = {
            key: value for key, value in self._engine_program().items() if key not in CONDITIONS
        }
        program.update(id=PREVIEW_ID, group=PREVIEW_ID)
        groups = [{"id": PREVIEW_ID, "order": 0, "mode": "compound"}]
        lines = [
            {
                "id": place,
                **snapshot.product_facts(product._origin),
                "qty": round(qty * snapshot.QTY_ONE),
                "amount": amount,
            }
            for place, (product, qty, amount) in enumerate(basket)
        ]
        for line, floor in zip(lines, self._preview_floors(basket), strict=True):
            line["floor"] = floor
        cart = {**SOME_MOMENT, "decimals": self.currency_id.decimal_places, "lines": lines}
        try:
            return evaluate(cart, [program], groups)
        except InvalidInput:
            return None

    def _preview_floors(self, basket):
        """Return the least that each line of a basket may bring, see the minimum margin."""
        company = self.company_id or self.env.company
        if not company.retail_promo_keep_margin:
            return [0] * len(basket)
        currency = self.currency_id
        rate = currency._get_conversion_rate(company.currency_id, currency, company)
        floors = []
        for product, qty, amount in basket:
            taxes = product.taxes_id._filter_taxes_by_company(company)
            untaxed = taxes.compute_all(snapshot.from_minor(currency, amount), currency)
            values = {"qty": round(qty * snapshot.QTY_ONE), "amount": amount}
            floors.append(
                snapshot.goods_floor(
                    product,
                    company,
                    currency,
                    rate,
                    values,
                    snapshot.to_minor(currency, untaxed["total_excluded"]),
                )
            )
        return floors

    # === IN WORDS === #

    def _preview_basket_text(self, basket):
        total = sum(amount for _product, _qty, amount in basket)
        goods = self.env._(" and ").join(
            self.env._(
                "%(qty)s x %(product)s", qty=f"{qty:g}", product=product._origin.display_name
            )
            for product, qty, _amount in basket
        )
        return self.env._(
            "A basket of %(goods)s, %(total)s,", goods=goods, total=self._money(total)
        )

    def _preview_outcome_text(self, basket_text, basket, outcome):
        texts = []
        if not outcome["applied"]:
            texts.append(self.env._("%(basket)s gets nothing yet.", basket=basket_text))
        else:
            texts.append(self._preview_gain_text(basket_text, outcome))
        for hint in outcome["hints"]:
            missing = hint["missing"]
            if hint["kind"] == "amount":
                text = self._money(missing)
            else:
                text = self.env._("%(qty)s pieces", qty=f"{missing / snapshot.QTY_ONE:g}")
            texts.append(self.env._("%(missing)s more would change that.", missing=text))
        floors = self._preview_floors(basket)
        if any(
            floor and line["net"] <= floor
            for line, floor in zip(outcome["lines"], floors, strict=True)
        ):
            texts.append(self.env._("The minimum margin of the company allows no more."))
        return " ".join(texts)

    def _preview_gain_text(self, basket_text, outcome):
        entry = outcome["applied"][0]
        if "gifts" in entry:
            names = self.env["product.product"].browse(entry["gifts"]["options"])
            return self.env._(
                "%(basket)s gets %(count)s as a gift (%(gifts)s).",
                basket=basket_text,
                count=entry["gifts"]["units"],
                gifts=self.env._(" or ").join(names.mapped("display_name")),
            )
        if entry.get("delivery"):
            return self.env._("%(basket)s is delivered free.", basket=basket_text)
        if entry.get("points"):
            return self.env._(
                "%(basket)s gets %(points)s extra points.",
                basket=basket_text,
                points=entry["points"],
            )
        return self.env._(
            "%(basket)s gets %(amount)s off: the customer pays %(total)s.",
            basket=basket_text,
            amount=self._money(entry["amount"]),
            total=self._money(outcome["total"]),
        )

    def _money(self, minor):
        return self.currency_id.format(snapshot.from_minor(self.currency_id, minor))
