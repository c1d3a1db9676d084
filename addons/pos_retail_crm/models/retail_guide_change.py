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
    old_guide_id = fields.Many2one(
        "res.users", string="Guide Before", readonly=True, ondelete="set null"
    )
    new_guide_id = fields.Many2one(
        "res.users", string="Guide After", readonly=True, ondelete="set null"
    )
    old_second_guide_id = fields.Many2one(
        "res.users", string="From: Second", readonly=True, ondelete="set null"
    )
    old_second_share = fields.Float(string="From (%)", digits=(5, 2), readonly=True)
    new_second_guide_id = fields.Many2one(
        "res.users", string="To: Second", readonly=True, ondelete="set null"
    )
    new_second_share = fields.Float(string="To (%)", digits=(5, 2), readonly=True)
    reason = fields.Char(required=True, readonly=True)
    create_date = fields.Datetime(string="Changed On", readonly=True)
    create_uid = fields.Many2one("res.users", string="Changed By", readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Who sold what was changed by whom: this can't be edited."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed(self):
        raise UserError(self.env._("Who sold what was changed by whom: this can't be deleted."))

    @api.model
    def _file(self, lines, guide, second, share, reason):
        """Give the lines to a guide, or to two, with what came back of them, and file who did it.

        second: who has ``share`` percent of the lines, or an empty user.
        """
        lines |= lines.refund_orderline_ids
        named = (guide, second, share if second else 0.0)
        changed = lines.filtered(lambda line: (line._fact_guide(), *line._fact_second()) != named)
        # Nobody makes these rows by hand.
        self.sudo().create(
            [
                {
                    "line_id": line.id,
                    "old_guide_id": line._fact_guide().id,
                    "old_second_guide_id": line._fact_second()[0].id,
                    "old_second_share": line._fact_second()[1],
                    "new_guide_id": guide.id,
                    "new_second_guide_id": second.id,
                    "new_second_share": named[2],
                    "reason": reason,
                }
                for line in changed
            ]
        )
        # Stock lets nobody write the lines of a paid order; the guide is no part of the sale.
        changed.sudo().write(changed._retail_guide_values(*named))
        changed.order_id.sudo()._fact_write()
        return changed
