from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class RetailCase(AccountTestInvoicingCommon):
    """A company with two stores, taxes, goods that stock values, and a member."""

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.env.ref("retail_crm.group_retail_admin")
            | cls.env.ref("sales_team.group_sale_manager")
            | cls.env.ref("stock.group_stock_manager")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.company_two = cls.env["res.company"].create({"name": "Other Retail"})
        cls.env.user.company_ids = [Command.link(cls.company_two.id)]
        cls.store = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.store.write({"is_store": True, "retail_tz": "Asia/Shanghai"})
        cls.store_two = cls.env["stock.warehouse"].create(
            {
                "name": "Night Store",
                "code": "NS2",
                "company_id": cls.company.id,
                "is_store": True,
                "retail_tz": "America/New_York",
            }
        )
        cls.tax_excluded = cls._tax("13% on top", 13.0, "tax_excluded")
        cls.tax_included = cls._tax("13% inside", 13.0, "tax_included")
        cls.member = cls.env["res.partner"].create(
            {
                "name": "Wang Fang",
                "is_member": True,
                "member_code": "T-M0001",
                "phone": "+86 138 0013 8000",
            }
        )
        cls.apple = cls._product("Apple", 10.0, cost=4.0)
        cls.pear = cls._product("Pear", 20.0, cost=9.0)
        cls.service = cls.env["product.product"].create(
            {"name": "Alteration", "type": "service", "list_price": 30.0, "taxes_id": False}
        )

    @classmethod
    def _tax(cls, name, amount, override):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": override,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _product(cls, name, price, cost=0.0, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "default_code": f"T-{name}",
                "is_storable": True,
                "list_price": price,
                "standard_price": cost,
                "taxes_id": False,
                **values,
            }
        )

    @classmethod
    def _line(cls, product, qty=1.0, **values):
        return Command.create(
            {"product_id": product.id, "product_uom_qty": qty, "tax_ids": False, **values}
        )

    @classmethod
    def _order(cls, *lines, confirm=True, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.member.id,
                "retail_store_id": cls.store.id,
                "order_line": list(lines),
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _facts(self, order, event=None):
        domain = [("basket", "=", f"sale.order,{order.id}")]
        if event:
            domain.append(("event", "=", event))
        return self.env["retail.sale.fact"].search(domain, order="source_model desc, id")

    def _deliver(self, order):
        for picking in order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel")):
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            picking.button_validate()

    def _invoice(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def _credit(self, invoice, quantities=None):
        """Post a credit note for an invoice: wholly, or for {product: quantity}."""
        note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        if quantities is not None:
            for line in note.invoice_line_ids:
                line.quantity = quantities.get(line.product_id, 0)
        note.action_post()
        return note
