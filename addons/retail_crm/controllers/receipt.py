from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.retail_receipt_opinion import STARS


class ReceiptPage(http.Controller):
    """The public page behind the QR code of a receipt."""

    @http.route("/retail/receipt/<string:token>", type="http", auth="public", methods=["GET"])
    def receipt(self, token):
        # The shopper has no rights; the token is theirs.
        opinions = request.env["retail.receipt.opinion"].sudo()
        return _page(opinions, token, opinions._receipt(token))

    @http.route("/retail/receipt/<string:token>", type="http", auth="public", methods=["POST"])
    def tell(self, token, **post):
        # The shopper has no rights; the token is theirs.
        opinions = request.env["retail.receipt.opinion"].sudo()
        receipt = opinions._receipt(token)
        if not receipt:
            return _page(opinions, token, receipt)
        address = request.httprequest.remote_addr or ""
        if opinions._is_flooded(address):
            problem = request.env._("Too much was sent from here. Please try again in an hour.")
            return _page(opinions, token, receipt, post, problem, status=429)
        values = {**post, "lines": request.httprequest.form.getlist("line")}
        try:
            with request.env.cr.savepoint():
                opinions._submit(receipt, token, address, values)
        except UserError as error:
            return _page(opinions, token, receipt, values, str(error), status=422)
        return request.redirect(f"/retail/receipt/{token}")


def _page(opinions, token, receipt, values=None, problem="", status=200):
    """Return the page; of a receipt that isn't here (yet) the one that says so."""
    if not receipt:
        response = request.render("retail_crm.receipt_missing", {"lang": _lang()}, status=404)
    else:
        response = request.render(
            "retail_crm.receipt_page",
            {
                "lang": _lang(),
                "receipt": receipt,
                "said": opinions._said_today(token),
                "factors": list(opinions._factor_labels().items()),
                "stars": [str(number) for number in range(STARS, 0, -1)],
                "values": values or {},
                "problem": problem,
            },
            status=status,
        )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _lang():
    return (request.env.lang or "en_US").replace("_", "-")
