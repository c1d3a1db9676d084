from odoo import fields, models


class RetailSocialAccount(models.Model):
    _name = "retail.social.account"
    _description = "Social Account of a Member"
    _order = "network, account"
    _rec_name = "account"

    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, ondelete="cascade", index=True
    )
    network = fields.Selection(
        [
            ("weibo", "Weibo"),
            ("douyin", "Douyin"),
            ("xiaohongshu", "Xiaohongshu"),
            ("qq", "QQ"),
            ("line", "LINE"),
            ("facebook", "Facebook"),
            ("instagram", "Instagram"),
            ("other", "Other"),
        ],
        required=True,
        default="weibo",
    )
    account = fields.Char(required=True, index="trigram", help="Name or number of the account.")

    _account_uniq = models.Constraint(
        "UNIQUE(partner_id, network, account)", "The member has this account already."
    )
