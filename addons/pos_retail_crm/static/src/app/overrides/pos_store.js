import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { sendPendingMembers } from "@pos_retail_crm/app/utils/pending_members";
import { newReceiptToken } from "@pos_retail_crm/app/utils/receipt_page";

patch(PosStore.prototype, {
    async setup() {
        this.memberCards = {}; // partner id -> what the server last told of the member
        await super.setup(...arguments);
    },
    createNewOrder(data = {}) {
        return super.createNewOrder({ retail_receipt_token: newReceiptToken(), ...data });
    },
    async processServerData() {
        await super.processServerData(...arguments);
        // Who scrolls on gets further customers; of members the till has its share.
        this.screenState.partnerList.offsetBySearch[""] = this.models["res.partner"].filter(
            (partner) => !partner.is_member
        ).length;
    },
    async afterProcessServerData() {
        const result = await super.afterProcessServerData(...arguments);
        await this.sendPendingMembers();
        window.addEventListener("pos-network-online", () => this.sendPendingMembers());
        return result;
    },
    /** Members wait in the browser until the server took them; a failure leaves them there. */
    async sendPendingMembers() {
        try {
            await sendPendingMembers(this);
        } catch (error) {
            console.warn("New members are sent later.", error);
        }
    },
    setPartnerToCurrentOrder(partner) {
        super.setPartnerToCurrentOrder(...arguments);
        if (partner?._retail_slim && !this.data.network.offline) {
            this.loadWholePartner(partner, this.getOrder());
        }
    },
    /** Load what the till doesn't keep of a member, such as the address for an invoice. */
    async loadWholePartner(partner, order) {
        const domain = [["id", "=", partner.id]];
        try {
            await this.data.callRelated("res.partner", "get_new_partner", [
                this.config.id,
                domain,
                0,
            ]);
        } catch {
            return; // what the till keeps is enough to sell
        }
        if (order && !order.finalized && order.partner_id?.id === partner.id) {
            order.updatePricelistAndFiscalPosition(order.partner_id);
        }
    },
    async preSyncAllOrders(orders) {
        // Whose guide a customer has may be unknown here: then the server names the guide.
        const known = ({ partner_id: partner }) => !partner || partner._retail_guide !== undefined;
        for (const order of orders.filter((order) => order.finalized && known(order))) {
            // Of what comes back the server knows who sold it.
            const open = (line) => !line.retail_guide_id && !line.refunded_orderline_id;
            for (const line of order.lines.filter(open)) {
                line.setGuides(line.guideId || false, line.secondGuide);
            }
        }
        return super.preSyncAllOrders(...arguments);
    },
});
