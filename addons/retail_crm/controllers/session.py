from odoo import http
from odoo.addons.web.controllers.session import Session
from odoo.http import request


def _never(registry, rule, args):
    """Let the route write, which core's doesn't."""
    return False


class AuditedSession(Session):
    """File who logs out, before the session forgets it."""

    @http.route(readonly=_never)
    def logout(self, redirect="/odoo"):
        _log_logout()
        return super().logout(redirect=redirect)

    @http.route(readonly=_never)
    def destroy(self):
        _log_logout()
        return super().destroy()


def _log_logout():
    uid = request.session.uid
    if uid:
        # The route runs as nobody: the session alone knows who it was.
        request.env["retail.audit.log"].with_user(uid)._log("logout")
