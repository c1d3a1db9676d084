from odoo import http
from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController
from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request
from odoo.tools import plaintext2html

from ..models.helpdesk_ticket import TITLE_LENGTH

NOTICE = "retail_request_notice"  # in the session: (number of the ticket, done or text of error)


class RequestPortal(CustomerPortalHelpdesk):
    """The customer's own requests: in plain words, with the answer to what we propose."""

    @http.route()
    def portal_my_tickets(self, **kw):
        response = super().portal_my_tickets(**kw)
        filters = getattr(response, "qcontext", {}).get("searchbar_filters")
        if filters:
            used = request.env["helpdesk.ticket"]._read_group([], ["stage_id"])
            names = {"all", *(str(stage.id) for (stage,) in used)}
            for name in filters.keys() - names:
                del filters[name]
            filters["all"]["label"] = request.env._("All")
        return response

    @http.route()
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        ticket = self._request_of(ticket_id, access_token)
        if ticket is None:
            return request.redirect("/my")
        if not ticket.retail_kind:
            return super().portal_my_ticket(ticket_id, access_token=access_token, **kw)
        for file in ticket._retail_portal_attachments():
            file.generate_access_token()
        values = self._ticket_get_page_view_values(ticket, access_token, **kw)
        told, notice = request.session.pop(NOTICE, (0, ""))
        values.update(
            may_act=self._may_act(ticket, access_token),
            notice=told == ticket.id and notice,
        )
        return request.render("retail_crm.portal_request_page", values)

    def _request_of(self, ticket_id, access_token):
        """Return the ticket, as the system, or None: not there, another's, or confidential."""
        try:
            ticket = self._document_check_access("helpdesk.ticket", ticket_id, access_token)
        except (AccessError, MissingError):
            return None
        # An address that was mailed before it became confidential opens it no more.
        hidden = ticket.retail_confidential and not request.env.user._is_internal()
        return None if hidden else ticket

    def _may_act(self, ticket, access_token):
        """Return whether the visitor is its customer, or was sent its address by us.

        Colleagues answer for nobody, and who merely follows it reads along.
        """
        user = request.env.user
        if user._is_internal():
            return False
        own = ticket.commercial_partner_id == user.partner_id.commercial_partner_id
        return bool(own or access_token)

    @http.route(
        "/my/ticket/<int:ticket_id>/<any(accept,reject,reopen):step>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        priority=90,
    )
    def portal_answer(self, ticket_id, step, access_token=None, note="", **kw):
        """Take the customer's answer: POST note, access_token."""
        ticket = self._request_of(ticket_id, access_token)
        if ticket is None or not ticket.retail_kind or not self._may_act(ticket, access_token):
            return request.redirect("/my")
        anonymous = request.env.user._is_public()
        partner = ticket.partner_id if anonymous else request.env.user.partner_id
        try:
            with request.env.cr.savepoint():
                getattr(ticket, f"_retail_portal_{step}")(partner, note.strip())
            notice = "done"
        except (UserError, ValidationError) as error:
            notice = str(error)
        request.session[NOTICE] = (ticket.id, notice)
        return request.redirect(ticket.get_portal_url() if access_token else ticket.access_url)

    # === WORDS OF THE LIST === #

    def _ticket_get_searchbar_sortings(self):
        found = super()._ticket_get_searchbar_sortings()
        labels = {
            "date": request.env._("Newest First"),
            "name": request.env._("Title"),
            "stage": request.env._("Status"),
            "update": request.env._("Last Change"),
        }
        return self._with_labels(found, labels)

    def _ticket_get_searchbar_groupby(self):
        labels = {
            "none": request.env._("None"),
            "category": request.env._("Category"),
            "stage": request.env._("Status"),
        }
        return self._with_labels(super()._ticket_get_searchbar_groupby(), labels)

    def _ticket_get_searchbar_inputs(self):
        labels = {
            "all": request.env._("Search everywhere"),
            "number": request.env._("Search by number"),
            "name": request.env._("Search by title"),
        }
        return self._with_labels(super()._ticket_get_searchbar_inputs(), labels)

    def _with_labels(self, options, labels):
        return {
            name: {**option, "label": labels.get(name, option["label"])}
            for name, option in options.items()
        }


class RequestIntake(HelpdeskTicketController):
    """A new request from the portal, about one of the customer's own purchases."""

    @http.route()
    def support_ticket_close(self, **kw):
        """Requests end by the customer's answer, not by a stage; plain tickets by their own."""
        ticket = request.env["helpdesk.ticket"].browse(int(kw.get("ticket_id") or 0)).exists()
        if not ticket or not ticket.has_access("read"):
            return request.redirect("/my")
        if ticket.retail_kind:
            return request.redirect(ticket.get_portal_url())
        return super().support_ticket_close(**kw)

    @http.route()
    def create_new_ticket(self, **kw):
        values = self._get_create_new_ticket_values(**kw)
        return request.render("retail_crm.portal_request_new", values)

    def _get_create_new_ticket_values(self, **kw):
        kinds = request.env["helpdesk.ticket"].fields_get(["retail_kind"], ["selection"])
        return {
            **super()._get_create_new_ticket_values(**kw),
            "page_name": "ticket",
            "kinds": kinds["retail_kind"]["selection"],
            "purchases": self._purchases(),
            "given": kw,
        }

    def _purchases(self):
        # Customers have no rights on till receipts; the search itself is for their own only.
        tickets = request.env["helpdesk.ticket"].sudo()
        found = tickets._retail_portal_purchases(request.env.user.partner_id, request.env.company)
        return dict(sorted(found.items(), key=lambda item: item[1]["at"], reverse=True))

    @http.route()
    def submit_ticket(self, **kw):
        if not (kw.get("description") or "").strip():
            kw["error"] = request.env._("Write what happened before you send it.")
            return self.create_new_ticket(**kw)
        return super().submit_ticket(**kw)

    def _prepare_submit_ticket_vals(self, **kw):
        text = kw["description"].strip()
        vals = super()._prepare_submit_ticket_vals(**{**kw, "description": text})
        kinds = dict(request.env["helpdesk.ticket"]._fields["retail_kind"].selection)
        kind = kw.get("kind") if kw.get("kind") in kinds else "complaint"
        purchase = self._purchases().get(kw.get("purchase")) or {"values": {}}
        # Its step comes by its kind, and its owner by the rule of new requests.
        for name in ("stage_id", "user_id", "attachment_ids"):
            vals.pop(name, None)
        return {
            **vals,
            "name": (kw.get("subject") or "").strip() or text.splitlines()[0][:TITLE_LENGTH],
            "description": plaintext2html(text),
            "retail_kind": kind,
            "company_id": request.env.company.id,
            **purchase["values"],
        }
