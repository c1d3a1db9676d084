import json

from odoo import api, models
from odoo.addons.retail_guide.guide_engine import Options
from odoo.addons.retail_guide.guide_engine.measures import DOUBT_BASKETS
from odoo.addons.retail_guide.models import recommendation_snapshot as snapshot
from odoo.exceptions import AccessError
from odoo.tools import SQL

#: Neighbours per product at the till: enough for a strip when some are in the basket already.
TILL_NEIGHBOURS = 8
#: Neighbours looked at for them: some aren't sold at the till or are out of stock.
TILL_DEPTH = 24
#: Popular products at the till.
TILL_POPULAR = 60
#: Recommended to a member at the till: some are left when the basket grows.
TILL_MEMBER = 30


class PosConfig(models.Model):
    _inherit = "pos.config"

    @api.model
    def _load_pos_data_read(self, records, config):
        read_records = super()._load_pos_data_read(records, config)
        if read_records:
            read_records[0]["_retail_recommendations"] = config._retail_recommendations()
            read_records[0]["_retail_brands"] = self._retail_brands()
        return read_records

    # === CALLED BY TILLS === #

    def retail_recommend_member(self, partner_id):
        """Return {"items": what ``retail_recommend`` tells of the member, "refused": product ids}.

        The rights of the cashier hold.
        """
        self.ensure_one()
        self.check_access("read")
        partner = self.env["res.partner"].browse(partner_id).commercial_partner_id
        items = self.env["product.product"].retail_recommend(
            partner_id=partner_id, store_id=self._retail_store().id, limit=TILL_MEMBER
        )
        refusals = self.env["retail.recommendation.refusal"].search_fetch(
            [("company_id", "=", self.company_id.id), ("partner_id", "=", partner.id)],
            ["product_id"],
        )
        return {"items": items, "refused": refusals.product_id.ids}

    def retail_record_recommendations(self, order_uuid, events, partner_id=False):
        """File what a till showed, added or refused in an order that it gave up; once.

        An order that is paid or kept brings its events itself.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Only cashiers file what a till recommended."))
        self.env["retail.recommendation.log"]._record_events(
            events,
            basket_key=order_uuid,
            source="till",
            # A till may know a customer whom its cashier isn't to look up.
            partner=self.env["res.partner"].sudo().browse(partner_id or []).exists(),
            store=self._retail_store(),
            company=self.company_id,
            user=self.env.user,
        )
        return True

    def _retail_store(self):
        """Return the till's store; who sells at the till may have no right on stock."""
        return self.sudo().picking_type_id.warehouse_id.with_env(self.env)

    # === WHAT THE TILL LOADS === #

    @api.model
    def _retail_brands(self):
        """Return {brand id: name}, to find products by: shorter than the name in each product."""
        brands = self.env["product.brand"].search_fetch([], ["name"])
        return {brand.id: brand.name for brand in brands}

    def _retail_recommendations(self):
        """Return what the till needs to recommend offline, as one JSON text.

        ``{"store": id, "ask": bool, "weights": {"basket", "popular"}, "popular": [product,
        share, ...], "neighbours": {product: [neighbour, strength, ...]}}``; ``ask`` is whether
        the cashier may ask for a member's list. Shares (of the most popular product's) and
        strengths, both as in ``guide_engine``, in ten-thousandths, the best first. Only
        products that the till sells and the store has. PostgreSQL writes the text: the rows of
        ten thousand products would take the server longer than the till's start.
        """
        self.ensure_one()
        snapshot.flush_stock(self.env)
        self.env["product.template"].flush_model(["available_in_pos"])
        store = self._retail_store()
        options = Options()
        may_ask = self.env["retail.recommendation.neighbour"].has_access("read")
        ((text,),) = self.env.execute_query(
            SQL(
                """
                WITH sellable AS (%(sellable)s),
                till AS (
                    SELECT sellable.id
                      FROM sellable
                      JOIN product_product product ON product.id = sellable.id
                      JOIN product_template template ON template.id = product.product_tmpl_id
                     WHERE template.available_in_pos
                ),
                near AS (
                    SELECT pair.product_id, pair.neighbour_id,
                           ROUND(10000 * pair.cosine * pair.basket_count
                                 / (pair.basket_count + %(doubt)s))::int AS strength,
                           ROW_NUMBER() OVER (
                               PARTITION BY pair.product_id ORDER BY pair.rank) AS place
                      FROM retail_recommendation_neighbour pair
                      JOIN till ON till.id = pair.neighbour_id
                     WHERE pair.company_id = %(company)s AND pair.rank <= %(depth)s
                ),
                neighbours AS (
                    SELECT product_id,
                           STRING_AGG(neighbour_id || ',' || strength, ',' ORDER BY place) AS near
                      FROM near
                     WHERE place <= %(neighbours)s
                     GROUP BY product_id
                ),
                known AS (
                    SELECT product_id, share / MAX(share) OVER () AS share, rank
                      FROM retail_recommendation_popularity
                     WHERE company_id = %(company)s
                       AND store_id IS NOT DISTINCT FROM (
                           SELECT MAX(store_id) FROM retail_recommendation_popularity
                            WHERE company_id = %(company)s AND store_id = %(store)s)
                ),
                popular AS (
                    SELECT known.product_id, ROUND(10000 * known.share)::int AS share,
                           ROW_NUMBER() OVER (ORDER BY known.rank) AS place
                      FROM known
                      JOIN till ON till.id = known.product_id
                )
                SELECT '{"store":' || %(store)s
                       || ',"ask":' || %(ask)s || ',"weights":' || %(weights)s
                       || ',"popular":['
                       || COALESCE((
                           SELECT STRING_AGG(product_id || ',' || share, ',' ORDER BY place)
                             FROM popular WHERE place <= %(popular)s), '')
                       || '],"neighbours":{'
                       || COALESCE((
                           SELECT STRING_AGG('"' || product_id || '":[' || near || ']', ',')
                             FROM neighbours), '')
                       || '}}'
                """,
                sellable=snapshot.sellable_sql(self.company_id, store),
                company=self.company_id.id,
                store=store.id,
                doubt=DOUBT_BASKETS,
                ask=json.dumps(may_ask),
                weights=json.dumps({"basket": options.basket, "popular": options.popular}),
                neighbours=TILL_NEIGHBOURS,
                depth=TILL_DEPTH,
                popular=TILL_POPULAR,
            )
        )
        return text
