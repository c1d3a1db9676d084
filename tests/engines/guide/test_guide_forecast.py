import numpy as np
import pytest
from guide_engine import EngineError, abc, forecast, season_index, weekday_shares
from guide_engine.forecast import KINDS, METHODS, SEASON_FLOOR, _Profile, run_sba, run_ses, run_tsb
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

# Hyndman, Athanasopoulos: Forecasting, 2nd edition, 7.1: oil production of Saudi Arabia
# 1996-2013, level 446.5868 at the start, alpha 0.8339, forecast for 2014: 542.68.
OIL = [
    445.3641, 453.1950, 454.4096, 422.3789, 456.0371, 440.3866, 425.1944, 486.2052, 500.4291,
    521.2759, 508.9476, 488.8889, 509.8706, 456.7229, 473.8166, 525.9509, 549.8338, 542.3405,
]  # fmt: skip


def run(method, series, **options):
    table = np.array([series], float)
    return method(table, _Profile.of(table), **options)


def test_exponential_smoothing_gives_the_published_figure():
    found = run(run_ses, OIL, share=0.8339, start=np.array([446.5868]))
    assert found.weekly[0] == pytest.approx(542.68, abs=0.01)


def test_sba_by_hand():
    # sizes 2, 4, 6 each third week: size 4 -> 4 -> 4.2, interval 7/3 -> 2.4 -> 2.46
    found = run(run_sba, [2, 0, 0, 4, 0, 0, 6], share=0.1)
    assert found.weekly[0] == pytest.approx(0.95 * 4.2 / 2.46)


def test_tsb_by_hand_fades_without_demand():
    # mean size 3, chance 2/4; then three weeks: no, yes (4), no
    found = run(run_tsb, [2, 0, 4, 0], share=0.5)
    assert found.weekly[0] == pytest.approx(3.5 * 0.3125)
    dead = run(run_tsb, [9] + [0] * 40)
    assert dead.weekly[0] < 0.02


def test_each_kind_has_its_method():
    table = [
        [10, 11, 9, 10, 10, 11, 9, 10],
        [1, 30, 2, 25, 1, 40, 2, 1],
        [0, 2, 0, 2, 0, 2, 0, 2],
        [0, 1, 0, 0, 30, 0, 0, 1],
        [0] * 8,
    ]
    found = forecast(table)
    assert [KINDS[kind] for kind in found.kind] == list(KINDS)
    assert [METHODS[method] for method in found.method] == ["ses", "sba", "tsb", "tsb", "tsb"]
    assert found.weekly[0] == pytest.approx(10, abs=0.5)
    assert found.weekly[4] == 0


def test_a_constant_series_gives_the_constant_without_error():
    found = forecast([[5.0] * 20])
    assert found.weekly[0] == pytest.approx(5)
    assert found.error[0] == pytest.approx(0)
    assert np.isnan(found.scaled[0])


def test_weeks_before_the_first_sale_do_not_count():
    new, old = forecast([[0] * 30 + [4, 5, 4, 5]]), forecast([[4, 5, 4, 5]])
    assert new.weekly[0] == pytest.approx(old.weekly[0])
    assert new.error[0] == pytest.approx(old.error[0])


@pytest.mark.parametrize("bad", [[1, 2], [[1, -1]], [[float("nan")]]])
def test_nonsense_is_refused(bad):
    with pytest.raises(EngineError):
        forecast(bad)


def test_nothing_to_forecast():
    assert len(forecast(np.zeros((0, 5))).weekly) == 0
    assert forecast(np.zeros((2, 0))).weekly.tolist() == [0, 0]


tables = arrays(
    float, st.tuples(st.integers(1, 6), st.integers(1, 30)), elements=st.integers(0, 1000)
)


@given(tables)
def test_a_forecast_stays_within_what_was_sold(table):
    found = forecast(table)
    assert np.all(found.weekly >= 0)
    assert np.all(found.weekly <= table.max(axis=1) + 1e-9)
    assert np.all(found.error >= np.abs(found.bias) - 1e-9)


@given(tables, st.sampled_from([2.0, 10.0]))
def test_in_another_unit_all_is_a_multiple(table, factor):
    small, large = forecast(table), forecast(table * factor)
    assert large.weekly == pytest.approx(small.weekly * factor)
    assert large.error == pytest.approx(small.error * factor)


@given(tables)
def test_a_series_does_not_depend_on_its_neighbours(table):
    together = forecast(table)
    alone = [forecast(table[row : row + 1]).weekly[0] for row in range(len(table))]
    assert together.weekly == pytest.approx(alone)


def test_abc():
    assert abc([50, 30, 15, 5, 0]) == ["A", "A", "B", "C", "C"]
    assert abc([]) == []
    assert abc([0, 0]) == ["C", "C"]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_abc_never_ranks_a_better_seller_lower(amounts):
    letters = abc(amounts)
    for one, a in zip(amounts, letters, strict=True):
        for other, b in zip(amounts, letters, strict=True):
            if one > other:
                assert a <= b


def test_a_trend_rises_and_falls():
    rising, constant, falling = forecast(
        [list(range(1, 31)), [15.5] * 30, list(range(30, 0, -1))]
    ).weekly
    assert rising > constant > falling


def test_weekdays_of_a_series_that_sold_much_are_its_own():
    (shares,) = weekday_shares([[0, 0, 0, 0, 0, 9_000, 1_000]], [0])
    assert shares.sum() == pytest.approx(1)
    assert shares[5] == pytest.approx(0.9, abs=0.02)


def test_weekdays_of_a_new_series_are_those_of_its_group():
    sold = [[0, 0, 0, 0, 0, 5_000, 0], [0] * 7, [700] * 7, [0] * 7, [0, 0, 0, 0, -3, 0, 0]]
    shares = weekday_shares(sold, [0, 0, 1, 1, 1])
    assert shares[1][5] > 0.9
    assert shares[3] == pytest.approx([1 / 7] * 7, abs=0.02)
    assert shares[4] == pytest.approx(shares[3])


def test_weekdays_of_nothing():
    assert weekday_shares([], []).shape == (0, 7)
    assert weekday_shares([[0] * 7], [0])[0] == pytest.approx([1 / 7] * 7)


WINTER = np.array([2.0, 1.8, 1.2, 0.8, 0.5, 0.4, 0.4, 0.5, 0.8, 1.1, 1.2, 1.3])


def months_of(years, groups=(1, 6), most=1000):
    shape = st.tuples(st.integers(*groups), st.just(12 * years))
    return arrays(float, shape, elements=st.integers(0, most))


@given(st.integers(0, 72), st.floats(0, 1e6))
def test_a_flat_series_has_no_season(months, level):
    assert season_index(np.full((2, months), level)) == pytest.approx(np.ones((2, 12)))


@given(st.integers(0, 23).flatmap(lambda n: arrays(float, (3, n), elements=st.integers(0, 99))))
def test_less_than_two_years_have_no_season(sold):
    assert np.all(season_index(sold) == 1)


def test_years_count_from_the_first_sale():
    late = np.concatenate([np.zeros(13), np.tile(WINTER, 2)[1:]])
    whole = np.concatenate([np.zeros(12), np.tile(WINTER, 2)])
    index = season_index([late, whole])
    assert np.all(index[0] == 1)
    assert index[1] == pytest.approx(WINTER)


@given(months_of(3), st.sampled_from([0.5, 7.0, 1000.0]))
def test_a_season_does_not_depend_on_the_unit(sold, factor):
    assert season_index(sold * factor) == pytest.approx(season_index(sold))


@given(st.one_of(months_of(2), months_of(3, most=2), months_of(5)))
def test_a_season_has_mean_one_and_a_floor(sold):
    index = season_index(sold)
    assert index.mean(axis=1) == pytest.approx(np.ones(len(sold)))
    assert np.all(index >= SEASON_FLOOR - 1e-9)


@given(months_of(3))
def test_a_group_does_not_depend_on_its_neighbours(sold):
    together = season_index(sold)
    alone = [season_index(sold[row : row + 1])[0] for row in range(len(sold))]
    assert together == pytest.approx(np.array(alone))


@given(st.integers(2, 5), st.floats(0.75, 1.4), st.integers(0, 11))
def test_a_known_season_is_found_whatever_the_growth(years, growth, start):
    season = np.roll(WINTER, start)
    month = np.arange(12 * years)
    (steady,) = season_index([np.tile(season, years)])
    assert steady == pytest.approx(season)
    (found,) = season_index([np.tile(season, years) * growth ** (month / 12)])
    assert found == pytest.approx(season)


@given(st.integers(2, 5), st.floats(0.3, 3))
def test_growth_alone_is_no_season(years, growth):
    steady = growth ** (np.arange(12 * years) / 12)
    by_year = np.repeat(growth ** np.arange(years), 12)
    assert season_index([steady, by_year]) == pytest.approx(np.ones((2, 12)))


def test_what_differs_from_year_to_year_is_hardly_a_season():
    random = np.random.default_rng(1)
    noise = season_index(random.poisson(3, (500, 24)))
    assert np.mean(np.all(noise == 1, axis=1)) > 0.8
    seen = season_index(random.poisson(60 * np.tile(WINTER, 2), (500, 24)))
    assert np.abs(seen - WINTER).mean() < 0.1


def test_what_sells_in_one_month_alone_keeps_a_little_of_the_others():
    (index,) = season_index([([0] * 11 + [30]) * 3])
    assert index[:11] == pytest.approx([SEASON_FLOOR] * 11)
    assert index[11] == pytest.approx(12 - 11 * SEASON_FLOOR)


def test_seasons_of_nothing():
    assert season_index(np.zeros((0, 36))).shape == (0, 12)
    assert np.all(season_index(np.zeros((2, 36))) == 1)
    assert np.all(season_index(np.full((1, 36), -5.0)) == 1)


@given(tables)
def test_without_a_season_nothing_changes(table):
    plain, same = forecast(table), forecast(table, np.ones_like(table))
    assert np.array_equal(plain.weekly, same.weekly)
    assert np.array_equal(plain.error, same.error)


def test_a_season_is_taken_out_of_the_weeks_and_its_error_is_of_the_sales():
    weeks = np.tile(np.repeat([0.5, 1.5], 26), 2)
    found = forecast([10 * weeks, 10 * weeks], [weeks, np.ones(104)])
    assert found.weekly[0] == pytest.approx(10)
    assert found.error[0] == pytest.approx(0)
    assert found.weekly[1] > 13  # knows only the latest weeks
    assert found.scaled[0] < found.scaled[1]


@pytest.mark.parametrize("resting", [0.0, 0.1])
def test_what_rests_is_not_forgotten(resting):
    index = np.repeat([1.9, 0.1], 26)
    sold = np.repeat([19.0, resting], 26)
    found = forecast([sold, sold], [index, np.ones(52)])
    assert found.weekly[0] > 4 > found.weekly[1]


@pytest.mark.parametrize("bad", [[[1]], [[0, 1]], [[1, float("inf")]]])
def test_a_nonsense_season_is_refused(bad):
    with pytest.raises(EngineError):
        forecast([[1, 2]], bad)
    with pytest.raises(EngineError):
        season_index([[float("nan")] * 24])
