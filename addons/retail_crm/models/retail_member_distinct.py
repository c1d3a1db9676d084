from odoo import fields, models


class RetailMemberDistinct(models.Model):
    _name = "retail.member.distinct"
    _description = "Members Known to Be Different People"
    _rec_name = "member_id"

    member_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    other_id = fields.Many2one(
        "res.partner",
        string="Other Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    create_uid = fields.Many2one("res.users", string="Said By")
    create_date = fields.Datetime(string="On")

    _pair_uniq = models.Constraint(
        "UNIQUE(member_id, other_id)", "These two are noted as different already."
    )
