from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.addons.retail_crm.crm_engine.local_time import NOON, to_utc
from odoo.exceptions import UserError
from odoo.fields import Command

from ..intake.grouping import digest, order_values, repeated_lines
from ..intake.lookup import IntakeLookup, RowError

UNIQUE_NUMBER = "sale_order_intake_number_uniq"


class RetailImportTargetOrder(models.AbstractModel):
    """Makes sales orders of imported rows: the rows of one external number are one order.

    An order of which one row is wrong is not made; every row says why. Source and number are
    unique, so the same file twice makes nothing the second time.
    """

    _name = "retail.import.target.order"
    _inherit = "retail.import.target"
    _description = "Import of Orders"

    _import_grouped = True
    _import_batch_size = 200
    _import_group = "retail_crm.group_order_clerk"

    # === THE FILE === #

    def _import_fields(self):
        return (
            self._import_order_fields() | self._import_buyer_fields() | self._import_line_fields()
        )

    def _import_order_fields(self):
        _ = self.env._
        return {
            "number": {
                "label": _("External Number"),
                "required": True,
                "type": "char",
                "aliases": ["Number", "Order Number", "Order No", "Order", "订单号", "訂單編號"],
            },
            "date": {
                "label": _("Date"),
                "type": "datetime",
                "aliases": ["Order Date", "Ordered On", "下单时间", "下單時間", "日期"],
            },
            "store": {
                "label": _("Store"),
                "type": "char",
                "aliases": ["Store Code", "Shop", "门店", "門市", "門店", "店铺"],
            },
            "channel": {
                "label": _("Channel"),
                "type": "char",
                "aliases": ["Sales Channel", "渠道", "通路", "销售渠道"],
            },
            "payment_note": {
                "label": _("Payment Note"),
                "type": "char",
                "aliases": ["Payment", "Payment Method", "付款方式", "支付方式"],
            },
        }

    def _import_buyer_fields(self):
        _ = self.env._
        return {
            "member": {
                "label": _("Member Code"),
                "type": "char",
                "aliases": ["Member", "Card", "会员卡号", "會員卡號", "会员编号", "会员", "會員"],
            },
            "customer": {
                "label": _("Customer Name"),
                "type": "char",
                "aliases": ["Customer", "Buyer", "Consignee", "收货人", "收貨人", "买家", "買家"],
            },
            "phone": {
                "label": _("Phone"),
                "type": "char",
                "aliases": ["Mobile", "Telephone", "手机", "手機", "电话", "電話"],
            },
            "street": {
                "label": _("Street"),
                "type": "char",
                "aliases": ["Address", "地址", "收货地址", "收貨地址"],
            },
            "city": {"label": _("City"), "type": "char", "aliases": ["城市"]},
            "zip": {
                "label": _("Postal Code"),
                "type": "char",
                "aliases": ["Zip", "Postcode", "邮编", "郵遞區號"],
            },
        }

    def _import_line_fields(self):
        _ = self.env._
        return {
            "line": {
                "label": _("Line"),
                "type": "char",
                "aliases": ["Line Number", "Position", "行号", "行號", "行"],
            },
            "product": {
                "label": _("Product"),
                "required": True,
                "type": "char",
                "aliases": ["Product Code", "Internal Reference", "SKU", "Item", "Barcode",
                            "商品编码", "商品編碼", "商品", "货号", "貨號", "条码", "條碼"],
            },
            "quantity": {
                "label": _("Quantity"),
                "required": True,
                "type": "float",
                "aliases": ["Qty", "Pieces", "数量", "數量"],
            },
            "price": {
                "label": _("Unit Price"),
                "required": True,
                "type": "float",
                "aliases": ["Price", "单价", "單價"],
            },
            "discount": {
                "label": _("Discount (%)"),
                "type": "float",
                "aliases": ["Discount Percent", "折扣率"],
            },
        }  # fmt: skip

    def _import_key(self, values):
        return values["number"]

    # === THE BATCH === #

    def _import_batch(self, run, rows):
        source = run.order_source_id
        if not source:
            raise UserError(
                self.env._(
                    "No order source uses the import profile %(name)s: choose it on one.",
                    name=run.profile_id.name,
                )
            )
        target = self.with_company(source.company_id)
        lookup = IntakeLookup(target.env, run, [row.values for row in rows])
        orders = rows.grouped("key")
        known = target._known_orders(source, list(orders))
        results = {}
        for number, own in orders.items():
            if number in known:
                results |= target._result_of_known(known[number], own)
            else:
                results |= target._import_order(run, lookup, own)
        return results

    def _known_orders(self, source, numbers):
        """Return {number: order} of orders that this source has brought already."""
        # The clerk may not see every order; that one is there must be known all the same.
        orders = (
            self.env["sale.order"]
            .sudo()
            .search([("intake_source_id", "=", source.id), ("intake_number", "in", numbers)])
        )
        return {order.intake_number: order for order in orders}

    def _result_of_known(self, order, rows):
        if order.intake_digest == digest([row.values for row in rows]):
            message = self.env._("Already imported as %(order)s.", order=order.name)
            return {row: ("unchanged", message, order) for row in rows}
        message = self.env._(
            "%(number)s was imported as %(order)s with other content; nothing was changed. "
            "Change the order itself.",
            number=order.intake_number,
            order=order.name,
        )
        return {row: ("error", message, order) for row in rows}

    def _import_order(self, run, lookup, rows):
        """Make one order; return {row: (state, message, order)}."""
        errors, values = self._prepare_order_values(run, lookup, rows)
        if errors:
            return self._refuse(rows, errors)
        try:
            with self.env.cr.savepoint():
                order = self._create_order(run, lookup, values)
        except UniqueViolation as error:
            if error.diag.constraint_name != UNIQUE_NUMBER:
                raise
            # Another import of the same source was quicker.
            message = self.env._("Another import has just brought this order.")
            return {row: ("unchanged", message, False) for row in rows}
        return {row: ("done", order.name, order) for row in rows}

    def _refuse(self, rows, errors):
        """Return errors for all rows: its own for a wrong row, a pointer for the others."""
        first = min(errors, key=lambda row: row.line_number)
        pointer = self.env._(
            "Line %(line)s of the same order has an error.", line=first.line_number
        )
        return {row: ("error", errors.get(row, pointer), False) for row in rows}

    def _create_order(self, run, lookup, values):
        values |= self._create_buyer(lookup, values.pop("buyer"), values["partner_id"])
        if run.dry_run:
            # A trial takes no number from the sequence.
            values["name"] = values["intake_number"]
        order = self.env["sale.order"].with_context(tracking_disable=True).create(values)
        order.flush_recordset()
        return order

    def _create_buyer(self, lookup, said, partner_id):
        """Make the quick contact or the delivery address of an order where one is missing."""
        partner = self.env["res.partner"].browse(partner_id)
        if not partner:
            partner = partner.create(lookup.contact_values(said))
            lookup.remember_partner(partner)
        values = {"partner_id": partner.id}
        if said.get("street"):
            values["partner_shipping_id"] = lookup.delivery_address(partner, said).id
        return values

    # === VALUES === #

    def _prepare_order_values(self, run, lookup, rows):
        """Return ({row: what is wrong}, values of the order)."""
        contents = [row.values for row in rows]
        said, conflicts = order_values(contents)
        said["number"] = rows[0].key
        errors = self._contradictions(rows, conflicts)
        for position, line in repeated_lines(contents).items():
            message = self.env._("Line number %(line)s stands twice in the order.", line=line)
            errors.setdefault(rows[position], message)
        values = {}
        try:
            values = self._prepare_header(run, lookup, said)
        except RowError as error:
            errors.setdefault(rows[0], str(error))
        values["order_line"] = []
        for sequence, row in enumerate(rows, 1):
            try:
                line = self._prepare_line(run, lookup, row.values, sequence)
                values["order_line"].append(Command.create(line))
            except RowError as error:
                errors.setdefault(row, str(error))
        if not errors:
            values["intake_digest"] = digest(contents)
        return errors, values

    def _contradictions(self, rows, conflicts):
        labels = {name: spec["label"] for name, spec in self._import_fields().items()}
        return {
            rows[position]: self.env._(
                "%(field)s is not the same on all lines of the order.", field=labels[name]
            )
            for position, name in conflicts.items()
        }

    def _prepare_header(self, run, lookup, said):
        """Return the values of the order without lines; raises RowError with all that is wrong."""
        source = run.order_source_id
        finders = {
            "store": lambda: lookup.store(said.get("store")),
            "channel": lambda: lookup.channel(said.get("channel")),
            "partner": lambda: lookup.partner(said),
        }
        found, problems = {}, []
        for name, find in finders.items():
            try:
                found[name] = find()
            except RowError as error:
                problems.append(str(error))
        if problems:
            raise RowError(" ".join(problems))
        store, channel, partner = found["store"], found["channel"], found["partner"]
        ordered = self._moment(said.get("date"), store)
        return {
            "buyer": said,
            "company_id": source.company_id.id,
            "partner_id": partner.id if partner else False,
            "date_order": ordered,
            "client_order_ref": said["number"],
            "retail_store_id": store.id,
            "warehouse_id": store.id,
            "sale_channel_id": channel.id,
            "intake_source_id": source.id,
            "intake_number": said["number"],
            "intake_date": ordered,
            "intake_payment_note": said.get("payment_note", False),
            "intake_run_id": run.id,
        }

    def _moment(self, text, store):
        """Return naive UTC of the store's local time; noon where the file tells only the day."""
        if not text:
            return fields.Datetime.now()
        local = fields.Datetime.to_datetime(text)
        if len(text) == len("2025-01-31"):
            local = local.replace(hour=NOON.hour)
        return to_utc(local, store._get_retail_tz())

    def _prepare_line(self, run, lookup, said, sequence):
        """Return the values of an order line; raises RowError."""
        product = lookup.product(said["product"])
        quantity, price, discount = said["quantity"], said["price"], said.get("discount", 0.0)
        if product.uom_id.compare(quantity, 0.0) <= 0:
            raise RowError(self.env._("The quantity must be above zero."))
        if price < 0:
            raise RowError(self.env._("The unit price is negative."))
        if not 0 <= discount <= 100:
            raise RowError(self.env._("The discount must be between 0 and 100 percent."))
        values = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "price_unit": self._unit_price(run, product, price),
            # Different from the price, so that Odoo takes it for one set by hand and keeps it.
            "technical_price_unit": 0.0 if price else -1.0,
            "discount": discount,
            "sequence": sequence,
        }
        if run.profile_id.amounts_tax == "none":
            values["tax_ids"] = [Command.clear()]
        return values

    def _unit_price(self, run, product, price):
        """Return the price as the taxes of the product want it, not rounded.

        A price with tax of a product whose tax comes on top loses the tax, and the other way
        round, so that the line costs what the file says.
        """
        stated = run.profile_id.amounts_tax
        taxes = product.taxes_id._filter_taxes_by_company(run.company_id)
        if stated == "none" or not taxes:
            return price
        details = taxes._get_tax_details(
            price,
            1.0,
            rounding_method="round_globally",
            product=product,
            special_mode="total_included" if stated == "included" else "total_excluded",
        )
        return details["total_excluded"] + sum(
            tax["tax_amount"] for tax in details["taxes_data"] if tax["tax"].price_include
        )
