/**
 * Return a secret for the page of a receipt: 128 random bits, also without a connection. Stock's
 * uuids can be guessed from one another.
 */
export function newReceiptToken() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return the address where the customer says how it was; empty where there is none. */
export function receiptPage(order) {
    const { retail_receipt_qr: wanted, _base_url: base } = order.config;
    const token = order.retail_receipt_token;
    return wanted && base && token ? `${base}/retail/receipt/${token}` : "";
}
