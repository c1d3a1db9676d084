from odoo import models

from .loyalty_card_points import MOVED, NOTE


class RetailMemberSnapshot(models.Model):
    _inherit = "retail.member.snapshot"

    def _split_cards(self, member):
        return super(RetailMemberSnapshot, self.with_context(**{NOTE: MOVED}))._split_cards(member)
