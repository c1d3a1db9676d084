from odoo import models

from ..models.loyalty_card_points import MOVED, NOTE


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge_loyalty_cards(self, src_partners, dst_partner):
        wizard = self.with_context(**{NOTE: MOVED})
        return super(BasePartnerMergeAutomaticWizard, wizard)._merge_loyalty_cards(
            src_partners, dst_partner
        )
