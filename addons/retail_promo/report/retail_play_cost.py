from odoo import fields, models
from odoo.tools import SQL


class RetailPlayCost(models.Model):
    """What lotteries and red packets cost: one row per draw, what was paid for it and what it won.

    Points count at the value that the company gives a point, in the ledger of points too. A
    coupon costs what its promotion took off the sale that used it, booked with that sale. A gift
    costs what the stock booked when it was handed out. A red packet is its amount.
    """

    _name = "retail.play.cost"
    _description = "Cost of Draws"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "prize_id"

    _depends = {
        "retail.lottery.draw": [
            "campaign_id",
            "prize_id",
            "kind",
            "state",
            "points_paid",
            "points_won",
            "coupon_id",
            "picking_id",
        ],
        "retail.red.packet.draw": ["campaign_id", "amount", "points_paid"],
        "retail.promotion.usage": ["promotion_id", "document", "amount"],
        "retail.coupon.use": ["card_id"],
        "loyalty.card": ["retail_document"],
        "res.company": ["retail_points_value"],
        "stock.move": ["picking_id", "value"],
    }

    kind = fields.Selection(
        [
            ("coupon", "Coupon"),
            ("points", "Points"),
            ("gift", "Gift"),
            ("nothing", "Nothing"),
            ("packet", "Red Packet"),
        ],
        string="Won",
        readonly=True,
    )
    lottery_id = fields.Many2one("retail.lottery", readonly=True)
    packet_id = fields.Many2one("retail.red.packet", string="Red Packets", readonly=True)
    prize_id = fields.Many2one("retail.lottery.prize", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    day = fields.Date(readonly=True, help="Of the draw, by the clock of the company.")
    partner_id = fields.Many2one(
        "res.partner", string="Members", readonly=True, aggregator="count_distinct"
    )
    store_id = fields.Many2one(
        "stock.warehouse", string="Home Store", readonly=True, help="Of the member, today."
    )
    draws = fields.Integer(readonly=True)
    points_paid = fields.Integer(readonly=True)
    points_won = fields.Integer(readonly=True)
    income = fields.Monetary(
        string="Points Paid, Value",
        currency_field="company_currency_id",
        readonly=True,
        help="What the members' points for the draws were worth: a debt the company is rid of.",
    )
    cost = fields.Monetary(
        string="Cost of Prizes",
        currency_field="company_currency_id",
        readonly=True,
        help="Points at their value, what used coupons took off, gifts handed out at what they "
        "cost us, red packets.",
    )
    net = fields.Monetary(
        string="Net Cost",
        currency_field="company_currency_id",
        readonly=True,
        help="Cost of prizes less the value of the points that were paid.",
    )
    to_come = fields.Monetary(
        string="Gifts Still to Hand Out",
        currency_field="company_currency_id",
        readonly=True,
        help="At today's cost price. What unused coupons will cost can't be told.",
    )
    coupons_unused = fields.Integer(string="Coupons Not Used", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT r.*, r.cost - r.income AS net, company.currency_id AS company_currency_id,
                   member.retail_store_id AS store_id
              FROM (
                SELECT 2 * id AS id, kind, lottery_id, NULL::int AS packet_id, prize_id,
                       company_id, day, partner_id, 1 AS draws, points_paid, points_won,
                       points_paid * worth AS income, cost, to_come, coupons_unused
                  FROM (%s) lottery
                 UNION ALL
                SELECT 2 * id + 1, 'packet', NULL, packet_id, NULL,
                       company_id, day, partner_id, 1, points_paid, 0,
                       points_paid * worth, amount, 0, 0
                  FROM (%s) packet
              ) r
              JOIN res_company company ON company.id = r.company_id
              JOIN res_partner member ON member.id = r.partner_id
            """,
            self._query_lotteries(),
            self._query_packets(),
        )

    def _query_lotteries(self):
        """Return the draws of lotteries with what the prize has cost and will cost."""
        return SQL(
            """
            SELECT draw.id, draw.kind, draw.campaign_id AS lottery_id, draw.prize_id,
                   draw.company_id, draw.day, draw.partner_id,
                   COALESCE(draw.points_paid, 0) AS points_paid,
                   COALESCE(draw.points_won, 0) AS points_won,
                   COALESCE(company.retail_points_value, 0)::numeric AS worth,
                   CASE draw.kind
                        WHEN 'points' THEN draw.points_won * company.retail_points_value::numeric
                        WHEN 'coupon' THEN (
                            SELECT COALESCE(SUM(usage.amount), 0)
                              FROM retail_promotion_usage usage
                             WHERE usage.document = card.retail_document
                               AND usage.promotion_id = card.retail_promotion_id)
                        WHEN 'gift' THEN CASE WHEN draw.state = 'handed_out' THEN COALESCE(
                            (SELECT NULLIF(SUM(ABS(move.value)), 0)
                               FROM stock_move move WHERE move.picking_id = draw.picking_id),
                            %(price)s) ELSE 0 END
                        ELSE 0 END AS cost,
                   CASE WHEN draw.state = 'waiting' THEN %(price)s ELSE 0 END AS to_come,
                   CASE WHEN draw.kind = 'coupon' AND card.retail_used_at IS NULL
                             AND card.retail_cancelled_at IS NULL THEN 1 ELSE 0 END
                       AS coupons_unused
              FROM retail_lottery_draw draw
              JOIN retail_lottery_prize prize ON prize.id = draw.prize_id
              JOIN res_company company ON company.id = draw.company_id
         LEFT JOIN loyalty_card card ON card.id = draw.coupon_id
         LEFT JOIN product_product product ON product.id = prize.product_id
            """,
            price=SQL("COALESCE((product.standard_price ->> draw.company_id::text)::numeric, 0)"),
        )

    def _query_packets(self):
        """Return the red packets that were drawn."""
        return SQL(
            """
            SELECT draw.id, draw.campaign_id AS packet_id, draw.company_id, draw.day,
                   draw.partner_id, COALESCE(draw.points_paid, 0) AS points_paid, draw.amount,
                   COALESCE(company.retail_points_value, 0)::numeric AS worth
              FROM retail_red_packet_draw draw
              JOIN res_company company ON company.id = draw.company_id
            """
        )
