from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.addons.point_of_sale.tests.common import TestPoSCommon
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot
from odoo.addons.retail_promo.models.promotion_tax import exact_line
from odoo.fields import Command


class TillCommon(TestPoSCommon):
    """Orders as a till sends them, with promotion lines made by the recipe of the till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("retail_crm.group_retail_admin")
        cls.env["loyalty.program"].search([]).write({"active": False})
        cls.config = cls.basic_config
        cls.company._retail_promo_default_group()
        cls.discount_account = cls.company_data["default_account_revenue"].copy(
            {"name": "Promotions", "code": "400901"}
        )
        cls.tax15 = cls._tax(15, "tax_excluded")
        cls.tax20 = cls._tax(20, "tax_included")
        cls.tea = cls._goods("Tea", 60.0, cls.tax15)
        cls.pot = cls._goods("Pot", 36.0, cls.tax20)
        cls.cup = cls._goods("Cup", 20.0)
        cls.tiers = cls._promotion(
            name="Spend 100 save 10",
            reward_kind="tiers",
            tier_ids=[
                Command.create({"at": 100, "amount": 10}),
                Command.create({"at": 200, "amount": 30}),
            ],
        )

    @classmethod
    def _tax(cls, amount, price_include):
        return cls.env["account.tax"].create(
            {
                "name": f"Till tax {amount}",
                "amount": amount,
                "price_include_override": price_include,
            }
        )

    @classmethod
    def _goods(cls, name, price, taxes=None):
        return cls.create_product(
            name, cls.categ_basic, price, price / 2, tax_ids=taxes.ids if taxes else None
        )

    @classmethod
    def _promotion(cls, **values):
        now = fields.Datetime.now()
        promotion = cls.env["retail.promotion"].create(
            {
                "date_from": now - timedelta(days=1),
                "date_to": now + timedelta(days=30),
                "company_id": cls.company.id,
                "discount_account_id": cls.discount_account.id,
                **values,
            }
        )
        promotion.action_publish()
        return promotion

    # === ORDERS AS A TILL SENDS THEM === #

    def _goods_line(self, product, qty, **values):
        return {
            "product_id": product.id,
            "qty": qty,
            "price_unit": product.lst_price,
            "tax_ids": [Command.set(product.taxes_id.ids)],
            "full_product_name": product.name,
            "uuid": str(uuid4()),
            "pack_lot_ids": [],
            **values,
        }

    def _promotion_line(self, promotion, taxes, shares, qty=1, **values):
        """A promotion line; shares: {uuid: minor units}, below zero in refunds."""
        currency = self.config.currency_id
        price_unit, extra_tax_data = exact_line(
            taxes,
            snapshot.from_minor(currency, sum(shares.values())),
            self.company.retail_promo_tax_basis,
            self.company,
            currency,
            1.0,
            quantity=qty,
            key=f"retail_promo,{promotion.id}",
        )
        return {
            "product_id": promotion.discount_product_id.id,
            "qty": qty,
            "price_unit": price_unit,
            "tax_ids": [Command.set(taxes.ids)],
            "full_product_name": promotion.name,
            "uuid": str(uuid4()),
            "price_type": "manual",
            "extra_tax_data": extra_tax_data,
            "retail_promotion_id": promotion.id,
            "retail_promotion_version": promotion.version,
            "retail_shares": shares,
            "pack_lot_ids": [],
            **values,
        }

    def _amounts(self, line):
        """Return the (untaxed, taxed) amounts that the till stores with a line."""
        taxes = self.env["account.tax"].browse(line["tax_ids"][0][2])
        base_line = taxes._prepare_base_line_for_taxes_computation(
            {},
            tax_ids=taxes,
            price_unit=line["price_unit"],
            quantity=line["qty"],
            currency_id=self.config.currency_id,
            extra_tax_data=line.get("extra_tax_data"),
        )
        taxes._add_tax_details_in_base_line(base_line, self.company)
        taxes._round_base_lines_tax_details([base_line], self.company)
        details = base_line["tax_details"]
        return details["total_excluded_currency"], details["total_included_currency"]

    def _send(self, lines, total, tax, partner=None, **values):
        """Send an order that is paid in cash; total and tax as the till shows them."""
        refund = values.get("is_refund")
        for line in lines:
            untaxed, taxed = self._amounts(line)
            sign = -1 if refund else 1
            line.update(price_subtotal=sign * untaxed, price_subtotal_incl=sign * taxed)
        uuid = str(uuid4())
        order = {
            "amount_paid": total,
            "amount_return": 0,
            "amount_tax": tax,
            "amount_total": total,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "pricelist_id": self.config.pricelist_id.id,
            "name": f"Order {uuid}",
            "last_order_preparation_change": "{}",
            "lines": [Command.create(line) for line in lines],
            "partner_id": partner.id if partner else False,
            "session_id": self.pos_session.id,
            "payment_ids": [
                Command.create(
                    {
                        "amount": total,
                        "name": fields.Datetime.now(),
                        "payment_method_id": self.cash_pm1.id,
                    }
                )
            ],
            "uuid": uuid,
            "user_id": self.env.uid,
            "to_invoice": False,
            "state": "paid",
            **values,
        }
        result = self.env["pos.order"].sync_from_ui([order])
        return self.env["pos.order"].search([("uuid", "=", uuid)]) if result else None

    def _tea_sale(self, given=1000, **values):
        """Two teas at 69.00 with tax, and the promotion that takes 10.00 (or another) off."""
        tea = self._goods_line(self.tea, 2)
        shares = {tea["uuid"]: given}
        ours = [self._promotion_line(self.tiers, self.tax15, shares)] if given else []
        total = 138.0 - given / 100
        return self._send([tea, *ours], total, round(total - total / 1.15, 2), **values)

    def _stored_data(self):
        """What the till stores with a sale that had the promotion."""
        return {
            "circumstances": {"member": None},
            "programs": [self.tiers._engine_program()],
            "groups": [],
        }

    def _differences(self, order):
        return self.env["retail.promotion.difference"].search(
            [("document", "=", f"pos.order,{order.id}")]
        )

    def _applications(self, order):
        return self.env["retail.promotion.application"].search(
            [("document", "=", f"pos.order,{order.id}")]
        )

    def _facts(self, order):
        return self.env["retail.sale.fact"].search([("basket", "=", f"pos.order,{order.id}")])

    def _close(self):
        cash = sum(self.pos_session.order_ids.payment_ids.mapped("amount"))
        self.pos_session.post_closing_cash_details(cash)
        self.pos_session.close_session_from_ui()
        return self.pos_session.move_id
