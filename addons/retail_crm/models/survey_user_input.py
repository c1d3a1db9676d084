from odoo import models


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    def _mark_done(self):
        result = super()._mark_done()
        # The member answers as a visitor, who has no right on what was asked of whom.
        asked = self.env["retail.survey.asked"].sudo().search([("input_id", "in", self.ids)])
        asked._take_answers()
        return result
