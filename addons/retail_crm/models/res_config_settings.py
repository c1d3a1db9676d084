from odoo import fields, models

from .res_partner_privacy import DEFAULT_LOOKUP_LIMIT
from .retail_audit_log import DEFAULT_RETENTION_DAYS
from .retail_receipt_opinion import DEFAULT_HOUR_LIMIT


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    retail_duplicate_mode = fields.Selection(
        related="company_id.retail_duplicate_mode", readonly=False, required=True
    )
    retail_communication_lock_hours = fields.Integer(
        related="company_id.retail_communication_lock_hours", readonly=False
    )
    retail_communication_keep_months = fields.Integer(
        related="company_id.retail_communication_keep_months", readonly=False
    )
    retail_communication_failed_percent = fields.Float(
        related="company_id.retail_communication_failed_percent", readonly=False
    )
    retail_care_cap_count = fields.Integer(
        related="company_id.retail_care_cap_count", readonly=False
    )
    retail_care_cap_days = fields.Integer(related="company_id.retail_care_cap_days", readonly=False)
    retail_care_escalate_days = fields.Integer(
        related="company_id.retail_care_escalate_days", readonly=False
    )
    retail_spend_medium = fields.Monetary(
        related="company_id.retail_spend_medium",
        readonly=False,
        currency_field="currency_id",
    )
    retail_spend_high = fields.Monetary(
        related="company_id.retail_spend_high",
        readonly=False,
        currency_field="currency_id",
    )
    retail_spend_top = fields.Monetary(
        related="company_id.retail_spend_top",
        readonly=False,
        currency_field="currency_id",
    )
    retail_churn_days = fields.Integer(related="company_id.retail_churn_days", readonly=False)
    retail_survey_quarterly = fields.Boolean(
        related="company_id.retail_survey_quarterly", readonly=False
    )
    retail_survey_sample = fields.Integer(related="company_id.retail_survey_sample", readonly=False)
    retail_cluster_count = fields.Integer(related="company_id.retail_cluster_count", readonly=False)
    retail_complaint_close_days = fields.Integer(
        related="company_id.retail_complaint_close_days", readonly=False
    )
    retail_complaint_reopen_days = fields.Integer(
        related="company_id.retail_complaint_reopen_days", readonly=False
    )
    retail_return_days = fields.Integer(related="company_id.retail_return_days", readonly=False)
    retail_audit_log_days = fields.Integer(
        string="Days in the Audit Log",
        config_parameter="retail_crm.audit_log_days",
        default=DEFAULT_RETENTION_DAYS,
        help="Older rows leave the audit log at night; 0 keeps them for ever.",
    )
    retail_receipt_limit = fields.Integer(
        string="Opinions per Hour from One Address",
        config_parameter="retail_crm.receipt_limit",
        default=DEFAULT_HOUR_LIMIT,
        help="The page behind a receipt's code takes so many opinions and complaints from one"
        " network within an hour; the guests of a store share the store's network.",
    )
    retail_lookup_limit = fields.Integer(
        string="Member Lookups per Hour",
        config_parameter="retail_crm.lookup_limit",
        default=DEFAULT_LOOKUP_LIMIT,
        help="So many members of any store may one employee find by phone, mail or card within an"
        " hour; 0 sets no limit. Who wants more is refused, and that is filed in the audit log.",
    )
