from odoo import api, fields, models


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
    account = fields.Char(
        string="Account Name", required=True, index="trigram", help="Name or number of the account."
    )

    _account_uniq = models.Constraint(
        "UNIQUE(partner_id, network, account)", "The member has this account already."
    )

    @api.model
    def _contact_fields_own(self):
        return {
            **super()._contact_fields_own(),
            "account": ("partner_id", "text"),
            "display_name": ("partner_id", "text"),
        }

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            self._contact_refuse_masked(values)
        return super().create(vals_list)

    def write(self, vals):
        self._contact_refuse_masked(vals)
        return super().write(vals)
