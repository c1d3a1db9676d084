from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

# What a store says of its task; all else is head office's.
STORE_FIELDS = {"note", "number", "attachment_ids"}
PROOF_FIELDS = STORE_FIELDS | {"user_id"}
NEXT_STATES = {"todo": {"done", "cancelled"}, "done": {"todo"}, "cancelled": {"todo"}}


class RetailStoreTask(models.Model):
    """What one store has to do of a push of head office, and the proof that it did."""

    _name = "retail.store.task"
    _description = "Store Task"
    _inherit = ["mail.thread", "retail.overdue.mixin"]
    _order = "due_date, id"
    _check_company_auto = True

    push_id = fields.Many2one(
        "retail.store.push", string="Task for Stores", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="push_id.company_id", store=True, index=True)
    due_date = fields.Date(related="push_id.due_date", store=True)
    store_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        domain="[('is_store', '=', True)]",
        check_company=True,
        ondelete="restrict",
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assigned To",
        domain="[('share', '=', False), ('retail_store_ids', 'in', store_id)]",
        index="btree_not_null",
        tracking=True,
    )
    instruction = fields.Html(related="push_id.instruction")
    needs_file = fields.Boolean(related="push_id.needs_file")
    needs_note = fields.Boolean(related="push_id.needs_note")
    needs_number = fields.Boolean(related="push_id.needs_number")
    number_label = fields.Char(related="push_id.number_label")
    state = fields.Selection(
        [("todo", "To Do"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        default="todo",
        readonly=True,
        copy=False,
        group_expand=True,
        tracking=True,
    )
    note = fields.Text(help="What was done, and what came in between.")
    number = fields.Float(string="Number Reported", aggregator="sum")
    attachment_ids = fields.Many2many("ir.attachment", string="Photos and Files")
    file_count = fields.Integer(string="Files", compute="_compute_file_count")
    done_at = fields.Datetime(string="Done On", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    back_reason = fields.Char(
        string="What Is Missing",
        copy=False,
        tracking=True,
        help="Head office writes here what the proof lacks, and sends the task back.",
    )
    back_count = fields.Integer(string="Sent Back", readonly=True, copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False)

    _store_uniq = models.Constraint(
        "UNIQUE(push_id, store_id)", "The store has its task of this push already."
    )
    _work_idx = models.Index("(state, due_date)")

    # === COMPUTE METHODS === #

    @api.depends("push_id", "store_id")
    def _compute_display_name(self):
        for task in self:
            parts = (task.push_id.sudo().name, task.store_id.name)
            task.display_name = ": ".join(filter(None, parts))

    @api.depends("attachment_ids")
    def _compute_file_count(self):
        for task in self:
            task.file_count = len(task.attachment_ids)

    @api.model
    def _work_states(self):
        return ("todo",)

    def _overdue_owners(self):
        return self.push_id.user_id

    @api.model
    def _overdue_subjects(self):
        _ = self.env._
        return _("Your tasks from head office are overdue"), _("Tasks of your store are overdue")

    # === CONSTRAINT METHODS === #

    @api.constrains("state", "note", "number", "attachment_ids")
    def _check_proof(self):
        for task in self.filtered(lambda task: task.state == "done"):
            if lacking := task._lacking_proof():
                raise ValidationError(
                    self.env._(
                        "Head office asks for a proof that is missing: %(what)s.",
                        what=", ".join(lacking),
                    )
                )

    def _lacking_proof(self):
        """Return the labels of the proofs that are asked for and not there."""
        _ = self.env._
        lacking = []
        if self.needs_file and not self.attachment_ids:
            lacking.append(_("a photo or file"))
        if self.needs_note and not (self.note or "").strip():
            lacking.append(_("a note"))
        if self.needs_number and not self.number:
            lacking.append(self.number_label or _("a number"))
        return lacking

    @api.constrains("user_id", "store_id")
    def _check_user(self):
        for task in self.filtered("user_id"):
            # Who works in which store is known to the server, whoever hands the task on.
            if task.user_id not in task.store_id.sudo().retail_staff_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s doesn't work in %(store)s.",
                        user=task.user_id.name,
                        store=task.store_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # A task begins its life open; whoever makes it can't jump to its end.
            vals.pop("state", None)
        return super().create(vals_list)

    def write(self, vals):
        self._check_may_write(vals)
        if "state" in vals:
            self._check_next_state(vals["state"])
        elif fixed := PROOF_FIELDS & vals.keys():
            self._check_open(fixed)
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_attachments()
        return result

    def _check_may_write(self, vals):
        """Stores write their proof, their managers who does it; the rest is head office's."""
        if self.env.su or self.env.user.has_group("retail_crm.group_retail_admin"):
            return
        leads = self.env.user.has_group("retail_crm.group_store_manager")
        own = STORE_FIELDS | ({"user_id"} if leads else set())
        if vals.keys() & self._fields.keys() - own:
            raise AccessError(
                self.env._(
                    "A store writes down what it did; who does it is changed by the store "
                    "manager, all else by head office."
                )
            )

    def _check_open(self, names):
        if self.filtered(lambda task: task.state != "todo"):
            labels = [self._fields[name]._description_string(self.env) for name in sorted(names)]
            raise UserError(
                self.env._(
                    "The task is closed, this can't be changed any more: %(fields)s.",
                    fields=", ".join(labels),
                )
            )

    def _adopt_attachments(self):
        """Let the files belong to the task, so that whoever reads it may open them."""
        for task in self:
            loose = task.attachment_ids.filtered(lambda file: not file.res_id)
            loose.write({"res_model": self._name, "res_id": task.id})

    # === LIFE === #

    def _assign(self):
        """Give the tasks to the store's manager or to its guide with least to do, if present."""
        # Who is away is known to the server, whoever sends the push.
        absences = self.env["retail.care.absence"].sudo()
        away = absences._absent_users(fields.Date.context_today(self))
        for task in self:
            # The manager may hand it on when back.
            task.user_id = task._present_user(away) or task._leaders()[:1]

    def _leaders(self):
        """Return who leads the store; head office may be staff, too: its own manager is first."""
        head = self.env.ref("retail_crm.group_retail_admin")
        return self.store_id._retail_leaders().sorted(lambda user: head in user.all_group_ids)

    def _present_user(self, away):
        """Return whom the push wants to do it: a guide or who leads the store, if present."""
        leaders = self._leaders()
        to_guide = self.push_id.give_to == "guide"
        guide = to_guide and self._least_busy_colleague(away | leaders)
        return guide or (leaders - away)[:1]

    def _stand_in(self, substitute, away):
        """Return who takes the task over: of the store, as only its staff can do it."""
        return (
            substitute & self.store_id.retail_staff_ids
            or self._present_user(away)
            or self._least_busy_colleague(away)
        )

    def _check_next_state(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for task in self:
            if state not in NEXT_STATES[task.state]:
                raise UserError(
                    self.env._(
                        "A task that is %(now)s can't become %(next)s.",
                        now=labels[task.state],
                        next=labels[state],
                    )
                )

    def action_done(self):
        """Close the tasks; the proof that is asked for must be there."""
        self.check_access("write")
        # The state is the system's: whoever may write the task's proof may end it this way.
        self.sudo().write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "done_by_id": self.env.uid,
                "back_reason": False,
            }
        )
        self.sudo().push_id._follow_tasks()

    def action_send_back(self):
        """Head office finds the proof wanting: the store has the task again."""
        for task in self:
            if not (task.back_reason or "").strip():
                raise UserError(self.env._("Write what is missing before you send it back."))
            task.write(
                {
                    "state": "todo",
                    "reminded": 0,
                    "done_at": False,
                    "done_by_id": False,
                    "back_count": task.back_count + 1,
                }
            )
            task._tell_sent_back()
        self.push_id._follow_tasks()

    def _tell_sent_back(self):
        user = self.user_id
        task = self.with_context(lang=user.lang)
        if user:
            task.message_notify(
                partner_ids=user.partner_id.ids,
                subject=task.env._("Sent back: %(name)s", name=task.push_id.name),
                body=task.back_reason,
            )

    def _cancel(self, reason):
        self.write({"state": "cancelled", "cancel_reason": reason})

    # === MY WORK === #

    @api.model
    def _my_domain(self):
        """Return the domain of the user's open tasks from head office."""
        return self._work_domain() & Domain("user_id", "=", self.env.uid)
