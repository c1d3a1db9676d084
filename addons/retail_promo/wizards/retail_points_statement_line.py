from odoo import fields, models


class RetailPointsStatementLine(models.TransientModel):
    _name = "retail.points.statement.line"
    _description = "Points Statement: Program"

    statement_id = fields.Many2one(
        "retail.points.statement", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    program_id = fields.Many2one(
        "loyalty.program", string="Points Program", required=True, ondelete="cascade"
    )
    opening = fields.Float(string="Opening Points")
    earned = fields.Float(string="Earned Points")
    used = fields.Float(string="Used Points")
    expired = fields.Float(string="Expired Points")
    clawed = fields.Float(string="Taken Back Points")
    closing = fields.Float(string="Closing Points")
    opening_value = fields.Monetary(string="Opening")
    earned_value = fields.Monetary(string="Earned")
    used_value = fields.Monetary(string="Used")
    expired_value = fields.Monetary(string="Expired")
    clawed_value = fields.Monetary(string="Taken Back")
    valued_value = fields.Monetary(
        string="Rounding and New Value", help="What rounding and a new value of a point made."
    )
    closing_value = fields.Monetary(string="Closing")
