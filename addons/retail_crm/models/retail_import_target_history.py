from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from ..crm_engine.local_time import NOON, to_utc

SOURCE_MODEL = "retail.import.history"
TAX_BASE = 10000.0  # amount on which the share of taxes is measured
RETURN_WORDS = {"return", "returned", "refund", "退货", "退貨", "退款", "退"}
SALE_WORDS = {"sale", "sold", "销售", "銷售", "售"}


class RetailImportTargetHistory(models.AbstractModel):
    """Sales history of an older system: rows go straight into ``retail.sale.fact``.

    No orders are made. Products are found by their reference (else barcode), members by their
    code, stores by the warehouse's code, all of the run's company; a few queries per batch,
    whatever its size.
    """

    _name = "retail.import.target.history"
    _inherit = "retail.import.target"
    _description = "Import of Sales History"

    _import_batch_size = 5000

    def _import_fields(self):
        _ = self.env._
        return {
            "receipt": {
                "label": _("Receipt"),
                "required": True,
                "type": "char",
                "aliases": [
                    "Receipt Number",
                    "Ticket",
                    "Basket",
                    "小票号",
                    "小票",
                    "小票號",
                    "单号",
                    "單號",
                ],
            },
            "line": {
                "label": _("Line"),
                "required": True,
                "type": "char",
                "aliases": ["Line Number", "Position", "行号", "行號", "行"],
            },
            "date": {
                "label": _("Date"),
                "required": True,
                "type": "datetime",
                "aliases": [
                    "Date and Time",
                    "Sold On",
                    "日期",
                    "时间",
                    "時間",
                    "销售日期",
                    "銷售日期",
                ],
            },
            "store": {
                "label": _("Store"),
                "required": True,
                "type": "char",
                "aliases": ["Store Code", "Shop", "门店", "门店编码", "門店", "門市", "店铺"],
            },
            "product": {
                "label": _("Product"),
                "required": True,
                "type": "char",
                "aliases": [
                    "Product Code",
                    "Internal Reference",
                    "SKU",
                    "Item",
                    "Barcode",
                    "商品",
                    "商品编码",
                    "商品編碼",
                    "货号",
                    "貨號",
                    "条码",
                    "條碼",
                ],
            },
            "qty": {
                "label": _("Quantity"),
                "required": True,
                "type": "float",
                "aliases": ["Qty", "Pieces", "数量", "數量"],
            },
            "amount": {
                "label": _("Amount"),
                "required": True,
                "type": "float",
                "aliases": ["Total", "Paid", "Line Total", "金额", "金額", "实付", "實付"],
            },
            "before": {
                "label": _("Amount Before Discount"),
                "type": "float",
                "aliases": ["Gross Amount", "原价金额", "原價金額", "折前金额", "折前金額"],
            },
            "discount": {
                "label": _("Discount"),
                "type": "float",
                "aliases": ["Discount Amount", "折扣", "优惠", "優惠", "折扣金额", "折扣金額"],
            },
            "tax": {
                "label": _("Tax"),
                "type": "float",
                "aliases": ["Tax Amount", "VAT", "税额", "稅額", "税", "稅"],
            },
            "cost": {
                "label": _("Cost"),
                "type": "float",
                "aliases": ["Cost Amount", "成本", "成本金额", "成本金額"],
            },
            "member": {
                "label": _("Member"),
                "type": "char",
                "aliases": [
                    "Member Code",
                    "Card",
                    "Customer",
                    "会员",
                    "会员卡号",
                    "會員",
                    "會員卡號",
                    "会员编号",
                ],
            },
            "channel": {
                "label": _("Channel"),
                "type": "char",
                "aliases": ["Sales Channel", "渠道", "通路", "销售渠道"],
            },
            "guide": {
                "label": _("Guide"),
                "type": "char",
                "aliases": ["Salesperson", "Seller", "导购", "導購", "营业员", "營業員"],
            },
            "kind": {
                "label": _("Kind"),
                "type": "char",
                "aliases": ["Type", "Event", "类型", "類型", "交易类型", "交易類型"],
            },
            "origin": {
                "label": _("Original Receipt"),
                "type": "char",
                "aliases": ["Returned Receipt", "原小票号", "原小票", "原小票號"],
            },
        }

    def _import_key(self, values):
        return f"{values['store']}/{values['receipt']}/{values['line']}"

    def _import_batch(self, run, rows):
        cells_by_row = {row: row.values for row in rows}  # reading a Json field copies it
        found = self._find_records(run, cells_by_row.values())
        results, values, row_by_key = {}, [], {}
        for row, cells in cells_by_row.items():
            problem = self._problem(run, cells, found)
            if problem:
                results[row] = ("error", problem, False)
                continue
            fact = self._fact_values(run, cells, found)
            values.append(fact)
            row_by_key[fact["source_model"], fact["source_line"], fact["event"]] = row
        changed = self.env["retail.sale.fact"].sudo()._upsert(values)
        self._drop_other_event(values)
        for key, row in row_by_key.items():
            results[row] = ("done" if key in changed else "unchanged", "", False)
        return results

    def _drop_other_event(self, values):
        """A line that was a sale in an earlier file and is a return now is not both."""
        by_event = defaultdict(list)
        for fact in values:
            by_event[fact["event"]].append(fact["source_line"])
        for event, source_lines in by_event.items():
            self.env.cr.execute(
                SQL(
                    "DELETE FROM retail_sale_fact WHERE source_model = %s"
                    " AND source_line = ANY(%s) AND event != %s",
                    SOURCE_MODEL,
                    source_lines,
                    event,
                )
            )

    # === FINDING RECORDS === #

    def _find_records(self, run, rows):
        """Return {field: {text in the file: what it names}} for all rows' values."""
        texts = defaultdict(set)
        for values in rows:
            for name in ("product", "member", "store", "channel", "guide"):
                if name in values:
                    texts[name].add(values[name])
        products = self._find_products(run, texts["product"])
        return {
            "product": products,
            "member": self._find_members(run, texts["member"]),
            "store": self._find_stores(run, texts["store"]),
            "channel": self._find_channels(run, texts["channel"]),
            "store_channel": self.env.ref("retail_crm.channel_store"),
            "guide": self._find_guides(run, texts["guide"]),
            "tax_share": self._tax_shares(run, products.values()),
        }

    def _find_products(self, run, codes):
        products = self.env["product.product"].sudo().with_context(active_test=False)
        domain = [("company_id", "in", (False, run.company_id.id))]
        found = {}
        # The reference goes before the barcode, what is active before what is archived.
        for name in ("barcode", "default_code"):
            matches = products.search_fetch(
                [*domain, (name, "in", list(codes))],
                [name, "active", "product_tmpl_id"],
                order="active, id desc",
            )
            found.update({product[name]: product for product in matches})
        return found

    def _find_members(self, run, codes):
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        members = partners.search_fetch(
            [
                ("member_code", "in", list(codes)),
                ("company_id", "in", (False, run.company_id.id)),
            ],
            ["member_code", "commercial_partner_id"],
        )
        return {member.member_code: member for member in members}

    def _find_stores(self, run, codes):
        stores = self.env["stock.warehouse"].sudo().with_context(active_test=False)
        found = stores.search([("code", "in", list(codes)), ("company_id", "=", run.company_id.id)])
        return {store.code: store for store in found}

    def _find_channels(self, run, names):
        """Find channels by code or name; the company's own go before the shared ones."""
        channels = (
            self.env["sale.channel"]
            .sudo()
            .search(
                [("company_id", "in", (False, run.company_id.id))], order="company_id desc, id desc"
            )
        )
        known = {}
        for channel in channels:
            known[(channel.name or "").casefold()] = channel
        for channel in channels:
            known[(channel.code or "").casefold()] = channel
        return {name: known[name.casefold()] for name in names if name.casefold() in known}

    def _find_guides(self, run, names):
        users = self.env["res.users"].sudo().with_context(active_test=False)
        found = users.search(
            [
                "|",
                ("login", "in", list(names)),
                ("name", "in", list(names)),
                ("share", "=", False),
                ("company_ids", "in", run.company_id.ids),
            ]
        )
        return {user.name: user for user in found} | {user.login: user for user in found}

    def _tax_shares(self, run, products):
        """Return {product id: untaxed part of its price with tax, 0..1}."""
        shares, by_taxes = {}, {}
        company = run.company_id
        for product in products:
            taxes = product.taxes_id.filtered(lambda tax: tax.company_id == company)
            if taxes not in by_taxes:
                by_taxes[taxes] = self._tax_share(taxes)
            shares[product.id] = by_taxes[taxes]
        return shares

    def _tax_share(self, taxes):
        taxed = taxes.flatten_taxes_hierarchy().filtered(lambda tax: tax.amount_type == "percent")
        if not taxed:
            return 1.0
        result = taxed.with_context(force_price_include=False).compute_all(
            TAX_BASE, rounding_method="round_globally"
        )
        return TAX_BASE / result["total_included"]

    # === ROWS === #

    def _problem(self, run, values, found):
        """Return why the row can't be imported, or nothing."""
        _ = self.env._
        store = found["store"].get(values["store"])
        if not store:
            return _("No store has the code %(code)s.", code=values["store"])
        if not store.is_store:
            return _("Warehouse %(name)s is not marked as a store.", name=store.name)
        if values["product"] not in found["product"]:
            return _("No product has the code %(code)s.", code=values["product"])
        member = values.get("member")
        if member and member not in found["member"]:
            if run.profile_id.unknown_member == "refuse":
                return _("No member has the code %(code)s.", code=member)
        for name, message in (
            ("channel", _("No sales channel is called %(value)s.", value=values.get("channel"))),
            ("guide", _("No user is called %(value)s.", value=values.get("guide"))),
        ):
            if values.get(name) and values[name] not in found[name]:
                return message
        return self._amount_problem(run, values)

    def _amount_problem(self, run, values):
        _ = self.env._
        qty, amount = values["qty"], values["amount"]
        if not qty:
            return _("The quantity is zero.")
        kind = (values.get("kind") or "").casefold()
        if kind and kind not in RETURN_WORDS | SALE_WORDS:
            return _("Kind: %(value)s is neither Sale nor Return.", value=values["kind"])
        if kind in SALE_WORDS and qty < 0:
            return _("A sale has a negative quantity.")
        if qty * amount < 0:
            return _("Quantity and amount have opposite signs.")
        unit = run.company_id.currency_id.rounding
        if "before" in values and "discount" in values:
            if abs(values["before"] - values["discount"] - amount) > unit / 2:
                return _("The amount before discount less the discount is not the amount.")
        return ""

    def _fact_values(self, run, values, found):
        """Return the row of ``retail.sale.fact``."""
        company, store = run.company_id, found["store"][values["store"]]
        returned = (values.get("kind") or "").casefold() in RETURN_WORDS or values["qty"] < 0
        sign = -1 if returned and values["qty"] > 0 else 1
        product = found["product"][values["product"]]
        member = found["member"].get(values.get("member"), self.env["res.partner"])
        channel = found["channel"].get(values.get("channel"), found["store_channel"])
        sold_at, day = self._moment(values["date"], store._get_retail_tz(company))
        amounts = self._amounts(run, values, found["tax_share"][product.id])
        amounts = {name: None if x is None else sign * x for name, x in amounts.items()}
        origin = values.get("origin") or values["receipt"]
        return {
            "source_model": SOURCE_MODEL,
            "source_line": f"{store.id},{values['receipt']},{values['line']}",
            "event": "returned" if returned else "sold",
            "basket": f"history,{store.id},{origin}",
            "document": values["receipt"],
            "sold_at": sold_at,
            "day": day,
            "company_id": company.id,
            "store_id": store.id,
            "channel_id": channel.id,
            "partner_id": member.commercial_partner_id.id,
            "guide_id": found["guide"][values["guide"]].id if values.get("guide") else False,
            "product_id": product.id,
            "qty": sign * values["qty"],
            "promotion_amount": 0.0,
            "currency_id": company.currency_id.id,
            **amounts,
        }

    def _moment(self, text, zone):
        """Return (naive UTC, local day) of local clock time; noon when the time is unknown."""
        local = fields.Datetime.to_datetime(text)
        if len(text) == len("2025-01-31"):
            local = local.replace(hour=NOON.hour)
        return to_utc(local, zone), local.date()

    def _amounts(self, run, values, tax_share):
        """Return the amounts of a row in company currency, with the file's signs."""
        money = run.company_id.currency_id.round
        amount, mode = values["amount"], run.profile_id.amounts_tax
        if mode == "none":
            subtotal = total = amount
        elif mode == "excluded":
            subtotal = amount
            total = amount + values["tax"] if "tax" in values else amount / tax_share
        else:
            total = amount
            subtotal = amount - values["tax"] if "tax" in values else amount * tax_share
        subtotal, total = money(subtotal), money(total)
        discount = values.get("discount", values.get("before", amount) - amount)
        if mode == "excluded":
            discount /= tax_share
        cost = values.get("cost")
        return {
            "price_subtotal": subtotal,
            "price_tax": money(total - subtotal),
            "price_total": total,
            "discount_amount": money(discount),
            "cost": None if cost is None else money(cost),
            "amount_company": subtotal,
            "total_company": total,
        }
