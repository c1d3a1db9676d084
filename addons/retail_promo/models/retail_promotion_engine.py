"""What the engine is given: the programs of a company, indexed once for all baskets."""

from odoo import api, models, tools

from ..promo_engine import InvalidInput, ProgramIndex
from . import promotion_snapshot as snapshot

LIVE_STATES = ("published", "running")


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    def _engine_program(self):
        """Return the promotion as the engine's program, see docs/promo_engine.md."""
        self.ensure_one()
        return snapshot.program_dict(self.sudo())

    def _engine_program_at(self, version):
        """Return the program as it was in a version, the present one when it isn't kept."""
        self.ensure_one()
        kept = self.sudo().version_ids.filtered(lambda line: line.version == version)[:1]
        return kept.program or self._engine_program()

    @api.model
    def _engine_input(self, company):
        """Return `programs` and `groups` of a company, for any channel.

        Programs that are published but not started are in it: the engine compares their
        period with the basket's own time, so that a late cron job changes no price.
        """
        promotions = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "in", LIVE_STATES),
                ("active", "=", True),
            ]
        )
        groups = self.env["retail.promotion.group"].sudo().with_context(active_test=False)
        return {
            "programs": [promotion._engine_program() for promotion in promotions],
            "groups": [
                snapshot.group_dict(group)
                for group in groups.search([("company_id", "=", company.id)])
            ],
        }

    @api.model
    @tools.ormcache("company_id")
    def _engine_index(self, company_id):
        """Return the index of a company's programs: read-only, shared by all baskets."""
        given = self._engine_input(self.env["res.company"].browse(company_id))
        return ProgramIndex(given["programs"], given["groups"])

    @api.model
    @tools.ormcache("company_id")
    def _engine_history_keys(self, company_id):
        """Return what a company's programs ask about members' earlier purchases."""
        programs = self._engine_index(company_id).programs
        keys = {program.spend_key for program in programs if program.spend_key is not None}
        if any(program.first_only for program in programs):
            keys.add(snapshot.FIRST)
        if any(program.segments_any for program in programs):
            keys.add(snapshot.SEGMENTS)
        return frozenset(keys)

    @api.model
    @tools.ormcache("company_id")
    def _engine_needs_coupons(self, company_id):
        """Tell whether a company's programs ask for coupons at all."""
        return any(program.code for program in self._engine_index(company_id).programs)

    @api.model
    def _clear_engine_cache(self):
        self.env.registry.clear_cache()

    def _engine_gaps(self):
        """Return what the engine refuses in the rules; one bad program would stop them all."""
        self.ensure_one()
        try:
            ProgramIndex([self._engine_program()], [snapshot.group_dict(self.group_id)])
        except InvalidInput as error:
            return [self.env._("The engine refuses it: %(reason)s.", reason=error)]
        return []

    def _keep_version(self):
        """Keep the rules of promotions that went public; new rules get a new version."""
        versions = []
        for promotion in self.sudo():
            kept = promotion.version_ids.sorted("version")[-1:]
            if not kept and promotion.state not in LIVE_STATES:
                continue
            program = promotion._engine_program()
            if kept:
                if {**program, "version": 0} == {**kept.program, "version": 0}:
                    continue
                promotion.version = kept.version + 1
                program["version"] = promotion.version
            versions.append(
                {
                    "promotion_id": promotion.id,
                    "version": promotion.version,
                    "program": program,
                }
            )
        self.env["retail.promotion.version"].sudo().create(versions)
