"""Loads the demo shop into a fresh database: `load(env, folder, log)`.

Run in an Odoo shell with all addons installed. Members and products are created as records;
the history and the orders come in by the imports that users have, in background jobs when a job
runner serves the database. A failure raises and leaves an unusable database: start again from
a fresh one.
"""

import time
from contextlib import contextmanager
from pathlib import Path

from . import (
    load_briefing,
    load_chat,
    load_communications,
    load_company,
    load_desk,
    load_goods,
    load_guidance,
    load_imports,
    load_jobs,
    load_members,
    load_offers,
    load_people,
    load_play,
    load_points,
    load_service,
    load_stock,
    load_stores,
    load_survey,
    load_tills,
)

DESK_SHARE = 4  # of the orders of stores, one in so many is delivered; the others go to tills
ONLINE = "web"
OPEN_TILLS = 2  # tills that are open when the loader is done


def load(env, folder, log=print, with_runner=None):
    """Load the demo shop from the folder of its .xls files; `log` takes lines of text.

    `with_runner`: whether a job runner does the jobs; found out when not said. Raises
    RuntimeError when something doesn't come out as it should.
    """
    Loader(env, Path(folder), log, with_runner).run()


class Loader:
    """The steps of the load, in order, and what later steps need of earlier ones."""

    def __init__(self, env, folder, log, with_runner):
        self.env = env(context=dict(env.context, lang="en_US", tz=load_company.TIME_ZONE))
        self.folder, self.log = folder, log
        self.with_runner = load_jobs.has_runner(env) if with_runner is None else with_runner

    def run(self):
        start = time.monotonic()
        self._check_fresh()
        self.log("jobs run " + ("in the job runner" if self.with_runner else "in place"))
        self._set_up()
        self._fill_shelves()
        self._end_history()
        self._bring_orders()
        self._settle_at_tills()
        self._settle_at_desk()
        self._learn()
        self._serve()
        self._tend_members()
        self._promote()
        self._reward()
        self._tend_stock()
        self._play()
        self.log(f"the shop is loaded: {time.monotonic() - start:.0f} s")

    @contextmanager
    def _step(self, what):
        start = time.monotonic()
        self.counts = ""
        yield
        load_jobs.commit(self.env)
        self.log(f"{what}{self.counts}: {time.monotonic() - start:.0f} s")

    def _check_fresh(self):
        if self.env["res.partner"].search_count([("is_member", "=", True)], limit=1):
            raise RuntimeError("This database holds a shop already: load into a fresh one.")

    # === STEPS === #

    def _set_up(self):
        with self._step("company, stores, tills and users"):
            load_company.set_up_company(self.env)
            self.taxes = load_company.make_taxes(self.env)
            load_offers.set_promotion_account(self.env)
            self.stores = load_stores.make_stores(self.env, self.folder / "stores.xls")
            self.tills = load_stores.make_tills(self.env, self.stores)
            self.users = load_people.make_users(self.env, self.stores)
            load_service.staff_service_team(self.env, self.users)

    def _fill_shelves(self):
        with self._step("members and products"):
            members = load_people.make_members(
                self.env, self.folder / "members.xls", self.stores, self.users
            )
            products = load_goods.make_products(self.env, self.folder / "products.xls", *self.taxes)
            self.counts = f" ({len(members)} and {len(products)})"
        # The job runner reads the history while the shelves are filled here.
        with self._step("sales history begun" if self.with_runner else "sales history"):
            self.history = load_imports.start_history(
                self.env,
                sorted(self.folder.glob("history-*.xls")),
                self.users["admin"],
                self.with_runner,
            )
        with self._step("opening stock"):
            count = load_goods.fill_stores(
                self.env, self.stores, products, self.folder / "orders.xls"
            )
            load_company.value_at_average_cost(self.env)
            self.counts = f" of {count} products in stores"

    def _end_history(self):
        with self._step("sales history by the history import"):
            count = load_imports.finish(self.env, self.history, self.with_runner, self.log)
            self.counts = f" ({count} lines)"

    def _bring_orders(self):
        with self._step("orders by the order intake"):
            source = load_imports.make_order_source(self.env, self.stores[0])
            load_jobs.commit(self.env)
            self.orders = load_imports.import_orders(
                self.env,
                self.folder / "orders.xls",
                source,
                self.users["clerk"],
                self.with_runner,
                self.log,
            )
            self.counts = f" ({len(self.orders)} orders)"

    def _settle_at_tills(self):
        with self._step("receipts at the tills"):
            in_store = self.orders.filtered(lambda order: order.sale_channel_id.code != ONLINE)
            desk = self.orders - in_store | in_store[::DESK_SHARE]
            self.desk_orders, till_orders = desk, self.orders - desk
            load_desk.confirm(till_orders.with_user(self.users["clerk"]))
            self.receipts, refunds = load_tills.settle_at_tills(
                self.env, self.tills, till_orders, self.users["manager"]
            )
            self.counts = f" ({len(self.receipts)}, {len(refunds)} refunds; sessions closed)"

    def _settle_at_desk(self):
        with self._step("orders delivered, invoiced and paid"):
            count = load_desk.settle_at_desk(self.desk_orders, self.users)
            self.counts = f" ({count})"

    def _learn(self):
        with self._step("recommendations learned"):
            model = self.env["retail.recommendation.model"]._of_company(self.env.company)
            if self.with_runner:
                model._enqueue(full=True)
                load_jobs.commit(self.env)
                load_jobs.wait_for_jobs(self.env)
            else:
                model._learn(full=True)
            if model.state != "learned":
                raise RuntimeError("the recommendations were not learned")
            self.counts = f" ({model.basket_count} baskets, {model.neighbour_count} neighbours)"

    def _serve(self):
        with self._step("care tasks, complaints and communications"):
            tasks = load_service.start_care(self.env, self.users["manager"])
            load_service.push_to_stores(self.env, self.users["admin"])
            ticket = load_service.open_complaint(self.env, self.receipts, self.users["cashier"])
            requests = load_service.fill_desk(self.env, self.desk_orders, self.users) + 1
            requests += len(load_chat.chat(self.env, self.users["service"]))
            guides = [self.users[login] for login in load_people.GUIDES]
            load_service.book_visits(self.env, guides[0])
            talks = load_communications.log_communications(self.env, guides)
            self.counts = (
                f" ({tasks} tasks, {requests} requests from {ticket.number} on,"
                f" {talks} communications)"
            )

    def _tend_members(self):
        with self._step("members entered twice, merged, moved up and imported"):
            self.counts = f" ({load_members.tend_members(self.env, self.users)})"
        with self._step("scores, segments and who is lost"):
            self.env["retail.member.insight"]._cron_refresh()
            count = self.env["retail.member.insight"].search_count([])
            self.counts = f" ({count} members)"
        with self._step("members asked how satisfied they are"):
            survey_round = load_survey.ask_members(self.users["service"])
            said = load_survey.rate_receipts(self.env, self.receipts)
            answered = f"{survey_round.answered_count} of {survey_round.asked_count}"
            self.counts = f" ({answered}, {len(said)} on receipts)"

    def _promote(self):
        with self._step("promotions, and orders of today under them"):
            promotions = load_offers.publish_promotions(self.env, self.users["promotion"])
            guides = [self.users[login] for login in load_people.GUIDES]
            first, second = load_offers.write_orders_of_today(self.env, guides)
            load_guidance.recommend(first | second)
            load_desk.settle_at_desk(first, self.users)
            for till in self.tills[:OPEN_TILLS]:
                load_tills.open_session(till, self.users["cashier"])
            load_briefing.brief_staff(self.env, self.users["promotion"], guides)
            # After the promotions: those of the coming weeks raise the forecast.
            self.env["retail.demand.forecast"]._forecast(self.env.company)
            self.counts = f" ({len(promotions)}; {len(first)} paid, {len(second)} open)"

    def _reward(self):
        with self._step("coupons, and points with their debt in the ledger"):
            load_points.set_up_points(self.env)
            user = self.users["promotion"]
            promotion, batches = load_points.issue_coupons(self.env, user)
            offer = load_points.make_offers(self.env, user, promotion)
            members = load_points.give_points(self.env, offer)
            coupons = sum(batches.mapped("issued_count"))
            self.counts = f" ({coupons} coupons, points of {members} members)"

    def _tend_stock(self):
        with self._step("shop windows, a stock alarm, an adjustment, a transfer, reviews"):
            products = self.env["product.product"].search([("is_storable", "=", True)])
            alarms = load_stock.tend_stock(self.env, self.stores, products, self.users)
            self.counts = f" ({alarms} alarms)"

    def _play(self):
        with self._step("a lottery and red packets"):
            guides = [self.users[login] for login in load_people.GUIDES]
            draws, packets = load_play.open_plays(self.env, self.users, guides)
            self.counts = f" ({draws} draws, {packets} packets)"
