from odoo import api, fields, models


class RetailStockAdjustmentLine(models.Model):
    _name = "retail.stock.adjustment.line"
    _description = "Stock Adjustment Line"
    _order = "id"

    adjustment_id = fields.Many2one(
        "retail.stock.adjustment", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="adjustment_id.company_id", store=True)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        domain="[('is_storable', '=', True)]",
        check_company=True,
    )
    default_code = fields.Char(related="product_id.default_code", string="Number")
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot or Serial Number",
        domain="[('product_id', '=', product_id)]",
        check_company=True,
    )
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    move_ids = fields.One2many("stock.move", "retail_adjustment_line_id", readonly=True)

    _positive = models.Constraint(
        "CHECK(quantity > 0)", "A quantity is more than 0; In or Out says which way it goes."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.adjustment_id._check_draft()
        return lines

    def write(self, vals):
        self.adjustment_id._check_draft()
        result = super().write(vals)
        self.adjustment_id._check_draft()  # nor may a line be moved into a final document
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self.adjustment_id._check_draft()

    def _prepare_move(self, name):
        """Return the values of the move against the company's inventory loss."""
        self.ensure_one()
        adjustment = self.adjustment_id
        loss = self.product_id.with_company(adjustment.company_id).property_stock_inventory
        places = (loss, adjustment.location_id)
        source, target = places if adjustment.direction == "in" else places[::-1]
        return {
            "product_id": self.product_id.id,
            "product_uom": self.uom_id.id,
            "product_uom_qty": self.quantity,
            "company_id": adjustment.company_id.id,
            "location_id": source.id,
            "location_dest_id": target.id,
            "state": "confirmed",
            "is_inventory": True,
            "inventory_name": name,
            "picked": True,
            "retail_adjustment_line_id": self.id,
            "move_line_ids": [
                fields.Command.create(
                    {
                        "product_id": self.product_id.id,
                        "product_uom_id": self.uom_id.id,
                        "quantity": self.quantity,
                        "location_id": source.id,
                        "location_dest_id": target.id,
                        "company_id": adjustment.company_id.id,
                        "lot_id": self.lot_id.id,
                    }
                )
            ],
        }
