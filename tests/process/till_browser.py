"""A till in a Chromium of its own: used as a cashier uses it, killed as a power cut kills it."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
    "--remote-debugging-port=0", "--window-size=1400,900",
)  # fmt: skip
SECONDS = 90  # a busy machine compiles the till's scripts first
CONNECTION_LOST = "Continue with limited functionality"
PAYMENT = ".product-screen .pay-order-button"
USED_UP = "nothing is left of it"
WALLET_PAYS = """() => window.posmodel.getOrder().getClaimableRewards().some(
    ({ reward }) => reward.program_id.program_type === "ewallet"
)"""
PRESS = """([button, at]) => {
    setTimeout(() => document.querySelector(button).click(), Math.max(0, at - Date.now()));
}"""
ALL_SYNCED = """() => {
    const orders = window.posmodel.models["pos.order"].filter((order) => order.finalized);
    return orders.every((order) => order.isSynced && order.state !== "draft");
}"""


class Till:
    """One till of a running server, with the storage of its browser in `folder`."""

    def __init__(self, playwright: Playwright, address: str, config: int, folder: Path):
        self.playwright = playwright
        self.address = address
        self.config = config
        self.folder = folder
        self.process: subprocess.Popen | None = None
        self.page: Page

    # === THE BROWSER === #

    def start(self) -> None:
        """Start the browser on its folder: empty, or as it was left."""
        path = next(filter(None, map(shutil.which, BROWSERS)))
        told = self.folder / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [path, *FLAGS, f"--user-data-dir={self.folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + SECONDS
        while not (told.exists() and told.read_text().count("\n")):
            assert time.monotonic() < deadline, "Chromium doesn't start"
            time.sleep(0.1)
        port = told.read_text().splitlines()[0]
        browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.context = browser.contexts[0]
        self.page = self.context.pages[0]
        self.page.set_default_timeout(SECONDS * 1000)
        # It appears once, at some moment after the connection was lost.
        lost = self.page.get_by_role("button", name=CONNECTION_LOST)
        self.page.add_locator_handler(lost, lambda: lost.click())

    def kill(self) -> None:
        """End all processes of the browser at once: nothing is written any more."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        for lock in self.folder.glob("Singleton*"):
            lock.unlink()

    def login(self, login: str, password: str) -> None:
        """Log in, unless the browser still is, and open the till."""
        self.page.goto(f"{self.address}/web/login?redirect=/pos/ui/{self.config}")
        form = self.page.locator("form.oe_login_form")
        register = self.page.locator(".open-register-btn")
        goods = self.page.locator(".product-screen")
        any_of = form.or_(register).or_(goods).first
        expect(any_of).to_be_visible(timeout=SECONDS * 1000)
        if form.is_visible():
            form.locator("input[name=login]").fill(login)
            form.locator("input[name=password]").fill(password)
            form.locator("button[type=submit]").click()
            expect(register.or_(goods).first).to_be_visible(timeout=SECONDS * 1000)
        if register.is_visible():
            register.click()
        goods.wait_for()

    def offline(self, off: bool = True) -> None:
        """Take the connection away, or give it back."""
        self.context.set_offline(off)
        self.page.wait_for_function(f"window.posmodel.data.network.offline === {str(off).lower()}")

    def forget_login(self) -> None:
        """The server doesn't know this browser's session any more."""
        self.context.clear_cookies()

    # === WHAT A CASHIER DOES === #

    def ring_up(self, goods: dict[str, int], member: str = "") -> str:
        """Touch the goods, choose the member; returns the total as the till shows it."""
        for name, times in goods.items():
            for _touch in range(times):
                self.page.locator(f'article.product:has(.product-name:text-is("{name}"))').click()
        if member:
            self.page.click(".product-screen .set-partner")
            self.page.locator(f'.modal .partner-list b:text("{member}")').click()
            self.page.locator(f'.set-partner:has-text("{member}")').wait_for()
        return self.total()

    def total(self) -> str:
        return self.page.locator(".product-screen .order-summary .total").inner_text().strip()

    def to_payment(self, at: float = 0) -> None:
        """Press Payment, at a moment (of `Date.now()`) if it matters."""
        self.page.evaluate(PRESS, [PAYMENT, at])

    def amount_due(self) -> str:
        """The amount on the payment screen; goes there again when the total has risen."""
        payment = self.page.locator(".payment-screen .total")
        risen = self.page.locator(f'.o_notification:has-text("{USED_UP}")')
        expect(payment.or_(risen).first).to_be_visible(timeout=SECONDS * 1000)
        if risen.is_visible():
            risen.locator(".o_notification_close").click()
            self.page.click(PAYMENT)
        payment.wait_for()
        return payment.inner_text().strip()

    def validate(self, method: str = "Cash") -> None:
        self.page.locator(f'.paymentmethods .payment-name:has-text("{method}")').first.click()
        self.page.click(".payment-screen button.validation-button.next")

    def press(self, name: str) -> None:
        """Press one of the buttons for actions."""
        self.page.click(".product-screen .more-btn")
        self.page.locator(f'.modal .control-buttons button:has-text("{name}")').click()

    def use_points(self, points: int) -> None:
        """Pay with so many points, typed over what the keypad suggests."""
        self.press("Points and Coupons")
        self.page.click(".o_retail_points_pay")
        for digit in str(points):
            self.page.click(f'.modal .numpad button:text-is("{digit}")')
        self.page.locator(f'.modal .input-value:text-is("{points}")').wait_for()
        self.page.locator(".modal-footer .btn-primary").last.click()
        expect(self.page.locator(".modal")).to_have_count(0)

    def use_wallet(self) -> None:
        """Pay what the customer's wallet holds; stock's button knows it a moment later."""
        self.page.wait_for_function(WALLET_PAYS)
        self.press("eWallet Pay")
        self.page.locator('.product-screen .orderline:has-text("eWallet")').wait_for()

    def take_back(self, total: str, answer: str) -> None:
        """One piece comes back from a receipt of this total; answer: "pay" or "exchange"."""
        self.press("Refund")
        self.page.locator(f'.ticket-screen .order-row:has-text("{total}")').first.click()
        self.page.click('.ticket-screen .numpad button:text-is("1")')
        self.page.locator('.ticket-screen :text("To Refund: 1")').wait_for()
        self.page.click(".ticket-screen .btn-primary.pay-order-button")
        self.page.click(f".modal .o_retail_refund_{answer}")

    def pay(self, method: str = "Cash") -> str:
        """Take the money and wait for the receipt; returns what was paid."""
        self.to_payment()
        return self.take_money(method)

    def take_money(self, method: str) -> str:
        """The same on the payment screen."""
        due = self.amount_due()
        self.validate(method)
        self.page.locator(".receipt-screen").wait_for()
        return due

    def next_order(self) -> None:
        self.page.click(".receipt-screen .button.next[name=done]")
        self.page.locator(".product-screen").wait_for()

    def wait_until_synced(self) -> None:
        self.page.wait_for_function(ALL_SYNCED)
