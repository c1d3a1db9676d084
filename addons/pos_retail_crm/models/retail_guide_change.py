from odoo import api, fields, models
from odoo.exceptions import UserError


class RetailGuideChange(models.Model):
    """Who was named as the seller of a line afterwards, by whom and why: nobody edits it."""

    _name = "retail.guide.change"
    _description = "Changed Guide of a Sold Line"
    _order = "create_date desc, id desc"
    _rec_name = "line_id"

    line_id = fields.Many2one(
        "pos.order.line",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    order_id = fields.Many2one(related="line_id.order_id", store=True, index=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    store_id = fields.Many2one(
        related="order_id.config_id.picking_type_id.warehouse_id", string="Store"
    )
    product_id = fields.Many2one(related="line_id.product_id")
    old_guide_id = fields.Many2one("res.users", string="From", readonly=True, ondelete="set null")
    new_guide_id = fields.Many2one("res.users", string="To", readonly=True, ondelete="set null")
    reason = fields.Char(required=True, readonly=True)
    create_date = fields.Datetime(string="Changed On", readonly=True)
    create_uid = fields.Many2one("res.users", string="Changed By", readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Who sold what was changed by whom: this can't be edited."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed(self):
        raise UserError(self.env._("Who sold what was changed by whom: this can't be deleted."))

    @api.model
    def _file(self, lines, guide, reason):
        """Give the lines to a guide, with what came back of them, and file who did it."""
        lines |= lines.refund_orderline_ids
        changed = lines.filtered(lambda line: line._fact_guide() != guide)
        # Nobody makes these rows by hand.
        self.sudo().create(
            [
                {
                    "line_id": line.id,
                    "old_guide_id": line._fact_guide().id,
                    "new_guide_id": guide.id,
                    "reason": reason,
                }
                for line in changed
            ]
        )
        # Stock lets nobody write the lines of a paid order; the guide is no part of the sale.
        changed.sudo().write({"retail_guide_id": guide.id})
        changed.order_id.sudo()._fact_write()
        return changed
