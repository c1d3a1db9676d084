from odoo import models
from odoo.exceptions import AccessDenied


class ResUsers(models.Model):
    _inherit = "res.users"

    def _login(self, credential, user_agent_env):
        """File every login, and every failed one with the name that was typed."""
        log = self.env["retail.audit.log"]
        try:
            result = super()._login(credential, user_agent_env)
        except AccessDenied:
            log._log_apart("login_failed", user_id=False, login=credential.get("login"))
            raise
        user = self.browse(result["uid"])
        log.with_user(user)._log("login")
        return result
