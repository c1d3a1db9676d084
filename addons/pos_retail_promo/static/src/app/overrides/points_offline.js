import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { loyaltyIdsGenerator } from "@pos_loyalty/app/services/pos_store";
import { PosStore } from "@point_of_sale/app/services/pos_store";

const CARD_MS = 5000; // a customer waits no longer for a card: all later orders wait, too

patch(PosStore.prototype, {
    /**
     * A member whose card this till hasn't seen earns points without a connection, too, and from
     * a server that doesn't answer: on a card of the till's own, which the server takes for the
     * member's when the sale arrives. Its balance isn't known, so it is looked for again when the
     * connection is back.
     */
    async fetchLoyaltyCard(programId, partnerId) {
        const cards = this.models["loyalty.card"];
        const guessed = cards.find(
            (card) =>
                card.retailGuessed &&
                card.partner_id?.id === partnerId &&
                card.program_id?.id === programId
        );
        if (guessed) {
            if (this.data.network.offline) {
                return guessed;
            }
            guessed.delete();
        }
        let timer;
        const late = new Promise((resolve) => (timer = browser.setTimeout(resolve, CARD_MS)));
        try {
            const card = await Promise.race([super.fetchLoyaltyCard(...arguments), late]);
            return card || this.retailGuessCard(programId, partnerId);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            return this.retailGuessCard(programId, partnerId);
        } finally {
            browser.clearTimeout(timer);
        }
    },

    retailGuessCard(programId, partnerId) {
        const card = this.models["loyalty.card"].create({
            id: loyaltyIdsGenerator(),
            code: null,
            program_id: this.models["loyalty.program"].get(programId),
            partner_id: this.models["res.partner"].get(partnerId),
            points: 0,
            expiration_date: null,
        });
        card.retailGuessed = true;
        return card;
    },
});
