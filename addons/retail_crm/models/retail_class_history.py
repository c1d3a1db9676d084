from odoo import fields, models


class RetailClassHistory(models.Model):
    """A change of a member's class: filed by the system, edited by nobody."""

    _name = "retail.class.history"
    _description = "Change of a Member's Class"
    _order = "create_date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    old_class_id = fields.Many2one(
        "retail.customer.class", string="From", readonly=True, ondelete="set null"
    )
    new_class_id = fields.Many2one(
        "retail.customer.class", string="To", readonly=True, ondelete="set null"
    )
    reason = fields.Selection(
        [
            ("hand", "By Hand"),
            ("upgrade", "Rule Reached"),
            ("downgrade", "Rule Not Kept"),
        ],
        required=True,
        readonly=True,
    )
    note = fields.Char(readonly=True, help="What the rule found.")
    create_date = fields.Datetime(string="Changed On", readonly=True)
    create_uid = fields.Many2one("res.users", string="Changed By", readonly=True)
