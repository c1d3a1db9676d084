import base64
import logging
from contextlib import contextmanager

from odoo import api, fields, models, modules

from .. import guide_engine as engine
from . import recommendation_learning as learning

_logger = logging.getLogger(__name__)

#: Parts held in memory; so many are joined at a time.
JOINED_PARTS = 12


class RetailRecommendationPart(models.Model):
    """What a learning that isn't finished has counted: some whole days of baskets.

    Each part is kept in a transaction of its own, so that a learning whose worker is killed goes
    on from there. A part is named by the lines it was counted from: it is only ever used for
    these very lines, whichever run counted them, and what fits no more is thrown away.
    """

    _name = "retail.recommendation.part"
    _description = "Part of an Unfinished Learning"
    _order = "company_id, first_day"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    first_day = fields.Date(string="Sales From", required=True, readonly=True)
    last_day = fields.Date(string="Sales Until", required=True, readonly=True)
    line_count = fields.Integer(string="Sold Lines", required=True, readonly=True)
    mark = fields.Char(
        required=True, readonly=True, help="A sum over the lines; other lines have another."
    )
    counts = fields.Binary(required=True, readonly=True, attachment=False)

    _part_uniq = models.Constraint(
        "UNIQUE(company_id, first_day)", "A part of the learning is kept once."
    )

    @api.model
    def _count(self, company, parts, split):
        """Return (counts of the parts' baskets, how many of the parts had been counted before).

        :param parts: list of ``learning.Part``
        :param split: keys of the baskets that belong to no part
        """
        counted, taken_over = [], 0
        known = self._known(company, parts)
        for part in parts:
            found = self._load(known[part]) if part in known else None
            if found:
                taken_over += 1
            else:
                found = engine.fit(*learning.baskets(self.env, company, part, split))
                if len(parts) > 1:  # a single one isn't worth keeping
                    self._keep(company, part, found)
            counted.append(found)
            if len(counted) == JOINED_PARTS:
                counted = [engine.join(counted)]
        return engine.join(counted), taken_over

    @api.model
    def _known(self, company, parts):
        """Return {part: id} of those that are counted; throw away what else there is."""
        with self._own_transaction() as kept:
            rows = kept.search_fetch(
                [("company_id", "=", company.id)], ["first_day", "last_day", "line_count", "mark"]
            )
            known = {
                learning.Part(row.first_day, row.last_day, row.line_count, row.mark): row
                for row in rows
            }
            stale = [row.id for part, row in known.items() if part not in parts]
            kept.browse(stale).unlink()
            return {part: row.id for part, row in known.items() if part in parts}

    def _load(self, part_id):
        """Return the counts of a part, None when they can't be read any more."""
        with self._own_transaction() as kept:
            raw = base64.b64decode(kept.browse(part_id).counts)
        try:
            return engine.Counts.from_bytes(raw)
        except engine.EngineError:
            _logger.warning("Part %s of a learning is damaged; counting it anew", part_id)
            return None

    def _keep(self, company, part, counts):
        values = {
            "company_id": company.id,
            "first_day": part.first_day,
            "last_day": part.last_day,
            "line_count": part.line_count,
            "mark": part.mark,
            "counts": base64.b64encode(counts.to_bytes()),
        }
        with self._own_transaction() as kept:
            kept.search(
                [("company_id", "=", company.id), ("first_day", "=", part.first_day)]
            ).unlink()
            kept.create(values)

    @api.model
    def _forget(self, company):
        """Throw the company's parts away: the learning they belong to is whole."""
        with self._own_transaction() as kept:
            kept.search([("company_id", "=", company.id)]).unlink()

    @contextmanager
    def _own_transaction(self):
        """Give the model in a transaction that is committed at the end, whatever becomes of the
        learning; the learner's lock keeps others of the company away."""
        if modules.module.current_test:
            yield self
            return
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr))
