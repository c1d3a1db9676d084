from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    intake_source_id = fields.Many2one(
        "retail.order.source",
        string="Order Source",
        copy=False,
        readonly=True,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    intake_number = fields.Char(
        string="External Number", copy=False, readonly=True, index="btree_not_null"
    )
    intake_date = fields.Datetime(
        string="Ordered On",
        copy=False,
        readonly=True,
        help="When the customer ordered, as the source says. The order date moves to the "
        "confirmation, this one stays.",
    )
    intake_payment_note = fields.Char(
        string="Payment Note", copy=False, help="How the source says the order was or will be paid."
    )
    intake_run_id = fields.Many2one(
        "retail.import.run",
        string="Intake",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    intake_digest = fields.Char(copy=False, readonly=True)

    _intake_number_uniq = models.Constraint(
        "UNIQUE(intake_source_id, intake_number)",
        "This source has already brought an order with this external number.",
    )
