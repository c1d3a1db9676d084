from odoo import api, fields, models
from odoo.exceptions import AccessError

TOP_LEVEL = 1_000  # of who administers rights for the whole system


class RetailRoleGrant(models.TransientModel):
    _name = "retail.role.grant"
    _description = "Grant a Role"

    allowed_user_ids = fields.Many2many("res.users", compute="_compute_allowed")
    allowed_role_ids = fields.Many2many("res.users.role", compute="_compute_allowed")
    user_id = fields.Many2one(
        "res.users",
        string="Employee",
        domain="[('id', 'in', allowed_user_ids)]",
        help="Staff of your stores, but for yourself and who stands as high as you.",
    )
    role_id = fields.Many2one(
        "res.users.role",
        domain="[('id', 'in', allowed_role_ids)]",
        help="Roles below your own.",
    )
    present_role_ids = fields.Many2many(
        "res.users.role", string="Roles Now", compute="_compute_present_role_ids"
    )
    note = fields.Char(string="Reason")

    @api.depends_context("uid")
    def _compute_allowed(self):
        # Managers read neither roles nor users' lines: what they may grant is worked out for them.
        manager = self.env.user.sudo()
        staff = [("share", "=", False)]
        if _level(manager) < TOP_LEVEL:
            staff.append(("retail_store_ids", "in", manager.retail_store_ids.ids))
        users = self.env["res.users"].sudo().search(staff)
        roles = self.env["res.users.role"].sudo().search([])
        for wizard in self:
            wizard.allowed_user_ids = users.filtered(lambda user: not _user_refusal(manager, user))
            wizard.allowed_role_ids = roles.filtered(lambda role: not _role_refusal(manager, role))

    @api.depends("user_id")
    def _compute_present_role_ids(self):
        for wizard in self:
            # The manager sees which roles the employee has, nothing else of the lines.
            wizard.present_role_ids = wizard.user_id.sudo()._get_enabled_roles().role_id

    # === GRANTING === #

    def action_grant(self):
        """Give the role to the employee; refused above the own level, and filed."""
        user, role = self._checked()
        if role not in user.role_line_ids.role_id:
            self._check_losses(user, role)
            user.write({"role_line_ids": [(0, 0, {"role_id": role.id})]})
            self._file("grant", user, role)
        return {"type": "ir.actions.act_window_close"}

    def action_revoke(self):
        """Take the role away from the employee."""
        user, role = self._checked()
        lines = user.role_line_ids.filtered(lambda line: line.role_id == role)
        if lines:
            lines.unlink()
            # With the last role its rights go, too: without any the groups would stay.
            user.set_groups_from_roles(force=True)
            if not user.role_line_ids:
                user.group_ids = self.env.ref("base.group_user")
            self._file("revoke", user, role)
        return {"type": "ir.actions.act_window_close"}

    def _checked(self):
        """Return the employee and the role past the rights of the manager, or refuse."""
        self.ensure_one()
        if not self.env.user.has_group("retail_crm.group_store_manager"):
            raise AccessError(self.env._("Only a store manager grants roles."))
        # Rights belong to the system administrator: a manager changes them here alone, checked.
        manager, user, role = self.env.user.sudo(), self.user_id.sudo(), self.role_id.sudo()
        reason = _user_refusal(manager, user) or _role_refusal(manager, role)
        if reason or not user or not role:
            raise AccessError(self._explain(reason, user, role))
        return user, role

    def _explain(self, reason, user, role):
        names = {"user": user.name, "role": role.name}
        texts = {
            "self": self.env._("You can't change your own roles."),
            "store": self.env._(
                "%(user)s works in a store that isn't yours: ask the manager of that store or the"
                " system administrator.",
                **names,
            ),
            "rank": self.env._("%(user)s stands as high as you or higher.", **names),
            "level": self.env._(
                "%(role)s is no role below yours: ask the system administrator.", **names
            ),
        }
        return texts.get(reason, self.env._("Choose an employee and a role."))

    def _check_losses(self, user, role):
        """Refuse when the roles would take rights away that somebody else gave by hand."""
        kept = (user._get_enabled_roles().role_id + role).mapped("all_implied_ids")
        lost = user.all_group_ids - kept - user._get_self_writable_groups()
        if lost - self.env.user.sudo().all_group_ids:
            raise AccessError(
                self.env._(
                    "%(user)s has rights that were given by hand and would be lost: ask the"
                    " system administrator.",
                    user=user.name,
                )
            )

    def _file(self, kind, user, role):
        detail = f"{role.name}: {self.note}" if self.note else role.name
        self.env["retail.audit.log"]._log(kind, user, detail=detail)


def _level(user):
    """Return how high a user stands: the highest level among the roles and what they give."""
    if user.has_group("base.group_erp_manager"):
        return TOP_LEVEL
    held = user._get_enabled_roles().role_id
    if not held:  # rights given by hand count for the role that they make up
        roles = user.env["res.users.role"].search([])
        held = roles.filtered(lambda role: role.implied_ids <= user.all_group_ids)
    return max(held.mapped("retail_level"), default=0)


def _user_refusal(manager, user):
    """Return why a manager may not change an employee's roles, None if nothing is against it."""
    if user == manager:
        return "self"
    top = _level(manager)
    if top < TOP_LEVEL and not (
        user.retail_store_ids and user.retail_store_ids <= manager.retail_store_ids
    ):
        return "store"
    return "rank" if _level(user) >= top else None


def _role_refusal(manager, role):
    """Return why a manager may not grant a role, None if nothing is against it."""
    return "level" if role.retail_level >= _level(manager) else None
