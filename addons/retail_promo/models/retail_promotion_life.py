"""The life of a promotion: draft, published, running, paused, ended or cancelled."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, is_html_empty


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    # === ACTIONS === #

    def action_publish(self):
        self._check_right_to_act()
        self._check_state("draft")
        self._check_complete()
        self._ensure_discount_product()
        self._go_live()
        return self._published_action()

    def action_pause(self):
        self._check_right_to_act()
        self._check_state("running", "published")
        self._set_state("paused")
        return True

    def action_resume(self):
        self._check_right_to_act()
        self._check_state("paused")
        self._check_complete()
        self._go_live()
        return True

    def action_end(self):
        self._check_right_to_act()
        self._check_state("running", "paused")
        self._set_state("ended")
        return True

    def action_cancel(self):
        self._check_right_to_act()
        for promotion in self.filtered(lambda promotion: promotion.state == "running"):
            raise UserError(
                self.env._(
                    "%(name)s runs already: end it, it can't be cancelled.", name=promotion.name
                )
            )
        self._check_state("draft", "published")
        self._set_state("cancelled")
        return True

    def action_view_applications(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_promo.retail_promotion_application_action"
        )
        return {**action, "domain": [("promotion_id", "=", self.id)], "context": {}}

    @api.model
    def _cron_advance(self):
        """Move promotions on by the clock; what they give is decided by the order's own time."""
        moving = [("state", "in", ("published", "running", "paused"))]
        self.search(moving)._advance()

    # === HELPERS === #

    def _check_right_to_act(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("retail_crm.group_promotion")):
            raise UserError(self.env._("Only promotion managers change the state of a promotion."))

    def _check_state(self, *states):
        for promotion in self.filtered(lambda promotion: promotion.state not in states):
            raise UserError(
                self.env._(
                    "%(name)s is %(state)s: this can't be done now.",
                    name=promotion.name,
                    state=promotion._state_text(),
                )
            )

    def _set_state(self, state):
        # The state is nobody's to write; the actions above have checked who may do what.
        if self:
            self.sudo().write({"state": state})

    def _go_live(self):
        self._set_state("published")
        self._keep_version()
        self._advance()

    def _advance(self):
        """Start and end promotions whose time has come."""
        now = fields.Datetime.now()
        over = self.filtered(lambda promotion: promotion.date_to and promotion.date_to <= now)
        over._set_state("ended")
        started = (self - over).filtered(
            lambda promotion: promotion.state == "published" and promotion.date_from <= now
        )
        started._set_state("running")

    def _check_complete(self):
        for promotion in self:
            gaps = promotion._publishing_gaps()
            if gaps:
                raise UserError(
                    self.env._("%(name)s can't be published yet:", name=promotion.display_name)
                    + "\n- "
                    + "\n- ".join(gaps)
                )

    def _publishing_gaps(self):
        """Return what keeps the promotion from being published, one sentence each."""
        self.ensure_one()
        gaps = []
        if not self.date_from or not self.date_to:
            gaps.append(self.env._("Give it a start and an end."))
        elif self.date_to <= fields.Datetime.now():
            gaps.append(self.env._("Its end lies in the past."))
        gaps += self._product_gaps()
        gaps += self._reward_gaps()
        if self.channel_ids and not any(self.channel_ids.mapped("code")):
            gaps.append(self.env._("None of its channels has a code."))
        return gaps or self._engine_gaps()

    def _published_action(self):
        """Return the note that tells that it is done, and what should still be added."""
        warnings = [promotion._publishing_warnings() for promotion in self]
        if len(self) == 1:
            texts = [self._published_text(), *warnings[0]]
        else:
            texts = [self.env._("%(count)s promotions are published.", count=len(self))]
            texts += [
                self.env._("%(name)s: %(lacks)s", name=promotion.name, lacks=" ".join(lacks))
                for promotion, lacks in zip(self, warnings, strict=True)
                if lacks
            ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if any(warnings) else "success",
                # no title: the web client puts a full stop behind it
                "message": " ".join(texts),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _published_text(self):
        if self.state == "running":
            return self.env._("Published: it runs now.")
        start = format_datetime(self.env, self.date_from)
        return self.env._("Published: it starts on %(date)s.", date=start)

    def _publishing_warnings(self):
        """Return what a promotion can do without but shouldn't, one sentence each."""
        self.ensure_one()
        warnings = []
        if not self.image_1920:
            warnings.append(self.env._("It has no picture."))
        if is_html_empty(self.description):
            warnings.append(self.env._("It has no description."))
        return warnings

    def _product_gaps(self):
        gaps = []
        if self.product_scope == "some" and not (
            self.product_ids or self.category_ids or self.brand_ids or self.tag_ids
        ):
            gaps.append(self.env._("Choose the products, categories, brands or tags."))
        if self.target_scope == "some" and not (
            self.target_product_ids
            or self.target_category_ids
            or self.target_brand_ids
            or self.target_tag_ids
        ):
            gaps.append(self.env._("Choose what it makes cheaper."))
        whole = self.with_context(active_test=False)
        products = whole.product_ids | whole.target_product_ids
        if self.reward_kind == "gift":
            products |= whole.gift_ids.product_id
        archived = products.filtered(lambda product: not product.active)
        if archived:
            gaps.append(
                self.env._(
                    "These products are archived: %(products)s.",
                    products=", ".join(archived.mapped("display_name")),
                )
            )
        return gaps

    # === DISCOUNT PRODUCT === #

    def _ensure_discount_product(self):
        """Make the products that carry the discounts on documents and to their accounts."""
        # Promotion managers need no right on products for this one.
        missing = self.sudo().filtered(lambda promotion: not promotion.discount_product_id)
        for company, promotions in missing.grouped("company_id").items():
            products = (
                self.env["product.product"]
                .sudo()
                .with_company(company)
                .create([promotion._prepare_discount_product_values() for promotion in promotions])
            )
            for promotion, product in zip(promotions, products, strict=True):
                promotion.discount_product_id = product
        self._sync_discount_product()

    def _prepare_discount_product_values(self):
        return {
            "name": self.name,
            "type": "service",
            "sale_ok": False,
            "purchase_ok": False,
            "invoice_policy": "order",
            "list_price": 0.0,
            "taxes_id": [(5,)],
            "supplier_taxes_id": [(5,)],
            "company_id": self.company_id.id,
            "property_account_income_id": self.discount_account_id.id,
        }

    def _sync_discount_product(self):
        """Let the discount products follow the names and accounts of their promotions."""
        for promotion in self.sudo().filtered("discount_product_id"):
            product = promotion.discount_product_id.with_company(promotion.company_id)
            values = {}
            if product.name != promotion.name:
                values["name"] = promotion.name
            if product.property_account_income_id != promotion.discount_account_id:
                values["property_account_income_id"] = promotion.discount_account_id.id
            if values:
                product.write(values)
