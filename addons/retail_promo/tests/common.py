from datetime import timedelta

from odoo import fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.fields import Command
from odoo.tools import frozendict


class PromoCommon(AccountTestInvoicingCommon):
    """A company of its own with a chart of accounts, and builders for all that is needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.currency = cls.company.currency_id
        cls.customer = cls.env["res.partner"].create(
            {"name": "Somebody", "email": "somebody@example.com"}
        )
        cls.discount_account = cls.company_data["default_account_revenue"].copy(
            {"name": "Promotions", "code": "400901"}
        )
        cls.now = fields.Datetime.now()
        cls.tax15 = cls._tax(15)
        cls.tax6 = cls._tax(6)
        cls.tax20_included = cls._tax(20, included=True)
        cls.env["loyalty.program"].search([]).write({"active": False})

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.quick_ref("sales_team.group_sale_manager")
            | cls.quick_ref("retail_crm.group_retail_admin")
        )

    @classmethod
    def _tax(cls, amount, included=False, **values):
        """Return a tax that is booked on the account of the company's default tax."""
        return cls.company_data["default_tax_sale"].copy(
            {
                "name": f"Tax {amount} {included} {values.get('amount_type', '')}",
                "amount": amount,
                "price_include_override": "tax_included" if included else "tax_excluded",
                **values,
            }
        )

    @classmethod
    def _goods(cls, price=10.0, taxes=None, **values):
        return cls.env["product.product"].create(
            {
                "name": "Goods",
                "type": "consu",
                "list_price": price,
                "invoice_policy": "order",
                "taxes_id": [Command.set(taxes.ids if taxes else [])],
                **values,
            }
        )

    @classmethod
    def _draft(cls, **values):
        return cls.env["retail.promotion"].create(
            {
                "name": "Promotion",
                "date_from": cls.now - timedelta(days=1),
                "date_to": cls.now + timedelta(days=30),
                "percent": 10,
                "discount_account_id": cls.discount_account.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _promotion(cls, **values):
        promotion = cls._draft(**values)
        promotion.action_publish()
        return promotion

    @classmethod
    def _steps(cls, *steps, **values):
        """Publish steps: (from, amount off) each."""
        return cls._promotion(
            reward_kind="tiers",
            tier_ids=[Command.create({"at": at, "amount": amount}) for at, amount in steps],
            **values,
        )

    @classmethod
    def _order(cls, *lines, **values):
        """Make a quotation; a line is (product, quantity) or (product, quantity, values)."""
        commands = []
        for product, qty, *more in lines:
            extra = more[0] if more else frozendict()
            commands.append(
                Command.create({"product_id": product.id, "product_uom_qty": qty, **extra})
            )
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "order_line": commands,
                **values,
            }
        )

    def _credit_note(self, invoice, quantities=None):
        """Return a draft credit note made by hand; quantities: {product: what is credited}."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        credit = wizard.new_move_ids
        commands = [
            Command.update(line.id, {"quantity": quantities[line.product_id]})
            for line in credit.invoice_line_ids
            if line.product_id in (quantities or {})
        ]
        if commands:
            credit.write({"invoice_line_ids": commands})
        return credit

    @staticmethod
    def _ours(order):
        return order.order_line.filtered("retail_promotion_id")

    def assertGives(self, order, amount):
        """The promotion lines of the order take exactly the amount off, tax included."""
        given = -sum(self._ours(order).mapped("price_total"))
        self.assertAlmostEqual(given, amount, places=6)

    def _total_without(self, order):
        """Return what the order would cost without its promotion lines."""
        AccountTax = self.env["account.tax"]
        lines = order.order_line.filtered(
            lambda line: not line.display_type and not line.retail_promotion_id
        )
        base_lines = [line._prepare_base_line_for_taxes_computation() for line in lines]
        AccountTax._add_tax_details_in_base_lines(base_lines, order.company_id)
        AccountTax._round_base_lines_tax_details(base_lines, order.company_id)
        totals = AccountTax._get_tax_totals_summary(
            base_lines=base_lines, currency=order.currency_id, company=order.company_id
        )
        return totals["total_amount_currency"]
