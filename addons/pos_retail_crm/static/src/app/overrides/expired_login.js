import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

const EXPIRED = "odoo.http.SessionExpiredException";

patch(OrderPaymentValidation.prototype, {
    /** Who has to log in again has been paid all the same: the sale waits as without a connection. */
    handleValidationError(error) {
        if (!(error instanceof RPCError && error.exceptionName === EXPIRED)) {
            return super.handleValidationError(...arguments);
        }
        this.afterOrderValidation();
        this.pos.dialog.add(ConfirmationDialog, {
            title: _t("Your login has expired"),
            body: _t("The sale is paid and kept at this till. It is sent when you have logged in again."),
            confirmLabel: _t("Log In"),
            confirm: () => browser.location.reload(),
            cancelLabel: _t("Later"),
            cancel: () => {},
        });
        return undefined;
    },
});
