"""Scores and segments of 100,000 members beside bare SQL; the churn model beside `lifetimes`."""

import csv
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from odoo.addons.retail_crm.crm_engine import bgnbd

from .measure import cost, result
from .members import make_facts, make_members

BUYERS = 100_000
# Fader, Hardie, Lee (2005), table 1: r, alpha, a, b in weeks.
PUBLISHED = (0.243, 4.414, 0.793, 2.426)


def run(env):
    """Return the rows `rfm.*` and `churn.*`."""
    make_members(env)
    make_facts(env)
    return [*_refresh(env), *_churn()]


def _refresh(env):
    """Refresh all insight with its churn model (none there yet), and again unchanged."""
    insights = env["retail.member.insight"]

    def empty():
        env.cr.execute("DELETE FROM retail_member_insight")
        env.invalidate_all()

    ours = cost(insights._refresh, env, empty, runs=3)
    peer = cost(lambda: _bare_refresh(env), env, empty, runs=3)
    insights._refresh()
    if insights._refresh():
        raise RuntimeError("an unchanged refresh wrote rows")
    unchanged = cost(insights._refresh, env, env.invalidate_all, runs=3)
    return [
        result("rfm.refresh", ours.wall, peer.wall, "s", 2,
               queries=f"{ours.queries} / {peer.queries}", runs=3),
        result("rfm.refresh.unchanged", unchanged.wall, peer.wall, "s", 2,
               queries=f"{unchanged.queries} / {peer.queries}", runs=3),
    ]  # fmt: skip


def _bare_refresh(env):
    """Recency, frequency and amount with their fifths, by one statement and upsert."""
    env.cr.execute(
        """
        INSERT INTO retail_member_insight
               (partner_id, company_id, recency_days, frequency, amount,
                recency_score, frequency_score, amount_score)
        SELECT partner_id, company_id, current_date - last_day, frequency, amount,
               ntile(5) OVER (ORDER BY last_day), ntile(5) OVER (ORDER BY frequency),
               ntile(5) OVER (ORDER BY amount)
          FROM (SELECT partner_id, company_id, max(day) AS last_day,
                       count(DISTINCT basket) AS frequency, sum(total_company) AS amount
                  FROM retail_sale_fact WHERE partner_id IS NOT NULL
                 GROUP BY partner_id, company_id) buyers
            ON CONFLICT (partner_id, company_id) DO UPDATE
           SET recency_days = EXCLUDED.recency_days, frequency = EXCLUDED.frequency,
               amount = EXCLUDED.amount, recency_score = EXCLUDED.recency_score,
               frequency_score = EXCLUDED.frequency_score, amount_score = EXCLUDED.amount_score
        """
    )


def _churn():
    """Fit 100,000 made buyers as `lifetimes` does, and CDNOW's to the published parameters."""
    from lifetimes import BetaGeoFitter

    buyers = _made_buyers()
    ours = cost(lambda: bgnbd.fit(*buyers), runs=3)
    peer = cost(lambda: BetaGeoFitter().fit(*buyers), runs=1)
    fitted = bgnbd.fit(*_cdnow())
    error = max(abs(mine / theirs - 1) for mine, theirs in zip(fitted, PUBLISHED, strict=True))
    return [
        result("churn.fit", ours.cpu, peer.cpu, "s CPU", 0.33, runs=3),
        result("churn.quality.params", error, None, "relative error", 0.005, runs=1),
    ]


def _cdnow():
    folder = Path(find_spec("lifetimes").origin).parent / "datasets"
    with (folder / "cdnow_customers_summary.csv").open() as file:
        rows = [[float(cell) for cell in row[1:4]] for row in list(csv.reader(file))[1:]]
    return np.array(rows).T


def _made_buyers():
    """Buyers drawn from the model itself, in whole days of two years, as a shop knows them."""
    r, alpha, a, b = PUBLISHED
    draw = np.random.default_rng(20261122)
    t = draw.integers(30, 730, BUYERS) / 7
    rate = draw.gamma(r, 1 / alpha, BUYERS)
    leave = draw.beta(a, b, BUYERS)
    x, t_x = np.zeros(BUYERS), np.zeros(BUYERS)
    alive = np.ones(BUYERS, dtype=bool)
    while alive.any():
        at = t_x + draw.exponential(1 / rate)
        alive &= at <= t
        x[alive] += 1
        t_x[alive] = np.round(at[alive] * 7) / 7
        alive &= draw.random(BUYERS) > leave
    return x, t_x, t
