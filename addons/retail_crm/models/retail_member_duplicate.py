from odoo import fields, models
from odoo.tools import SQL


class RetailMemberDuplicate(models.Model):
    """Pairs of members who may be one person, found by one query.

    Of a group of equals every member is paired with the oldest one only, so that a number
    which a thousand members share gives a thousand rows and not a million; a member who equals
    two others is paired with the one that has more in common. The row's id is the other
    member's: it stays while people work through the list.
    """

    _name = "retail.member.duplicate"
    _description = "Likely Duplicate Members"
    _auto = False
    _order = "strength desc, id"
    _rec_name = "member_id"

    member_id = fields.Many2one("res.partner", readonly=True)
    other_id = fields.Many2one("res.partner", string="Perhaps the Same", readonly=True)
    member_code = fields.Char(related="member_id.member_code", string="Card")
    other_code = fields.Char(related="other_id.member_code", string="Other Card")
    store_id = fields.Many2one(related="member_id.retail_store_id", string="Home Store")
    other_store_id = fields.Many2one(related="other_id.retail_store_id", string="Other Home Store")
    by_phone = fields.Boolean(string="Same Phone", readonly=True)
    by_mail = fields.Boolean(string="Same Email", readonly=True)
    by_birthday = fields.Boolean(string="Same Name and Birthday", readonly=True)
    strength = fields.Integer(
        string="Points in Common", readonly=True, aggregator=None, help="How many of the three."
    )
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        self.env["res.partner"].flush_model()
        self.env["retail.member.distinct"].flush_model()
        return SQL(
            """WITH keyed AS (
                   SELECT id, company_id, 'phone' AS kind, phone_sanitized AS value
                     FROM res_partner
                    WHERE is_member AND phone_sanitized IS NOT NULL
                      AND retail_shared_phone IS NOT TRUE
                    UNION ALL
                   SELECT id, company_id, 'mail', email_normalized FROM res_partner
                    WHERE is_member AND email_normalized IS NOT NULL
                    UNION ALL
                   SELECT id, company_id, 'birthday',
                          birthdate_date || lower(translate(name, ' ', '')) FROM res_partner
                    WHERE is_member AND birthdate_date IS NOT NULL
               ), grouped AS (
                   SELECT id, company_id, kind,
                          CASE WHEN company_id IS NULL
                               THEN min(id) OVER everybody
                               ELSE LEAST(min(id) OVER own,
                                          min(id) FILTER (WHERE company_id IS NULL)
                                                  OVER everybody)
                          END AS first_id
                     FROM keyed
                   WINDOW everybody AS (PARTITION BY kind, value),
                          own AS (PARTITION BY kind, value, company_id)
               )
               SELECT DISTINCT ON (other.id)
                      other.id, other.first_id AS member_id, other.id AS other_id,
                      bool_or(kind = 'phone') AS by_phone, bool_or(kind = 'mail') AS by_mail,
                      bool_or(kind = 'birthday') AS by_birthday, count(*)::int AS strength,
                      COALESCE(max(other.company_id), max(first.company_id)) AS company_id
                 FROM grouped other
                 JOIN res_partner first ON first.id = other.first_id
                WHERE other.first_id <> other.id
                  AND NOT EXISTS (
                          SELECT FROM retail_member_distinct apart
                           WHERE apart.member_id = other.first_id AND apart.other_id = other.id)
             GROUP BY other.first_id, other.id
             ORDER BY other.id, strength DESC, other.first_id"""
        )

    def action_merge(self):
        """Open the merge of the members of these rows."""
        return self.env["retail.member.merge"]._open(self.member_id | self.other_id)

    def action_distinct(self):
        """Note that these are different people: the pairs leave the list."""
        self.env["retail.member.distinct"].create(
            [{"member_id": pair.member_id.id, "other_id": pair.other_id.id} for pair in self]
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
