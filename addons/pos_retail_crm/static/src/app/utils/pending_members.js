/**
 * Members who were taken down without a connection, in the browser's storage until the server
 * has them: they outlive a reload, and each is known by a number that the till made up.
 */
function key(pos) {
    return `retail_pending_members_${odoo.info?.db}_${pos.config.id}`;
}

export function pendingMembers(pos) {
    return JSON.parse(localStorage.getItem(key(pos)) || "[]");
}

/** Load partners that a call of ours returned, also for the next start without a connection. */
export function loadPartners(pos, rows) {
    pos.data.synchronizeServerDataInIndexedDB({ "res.partner": rows });
    return pos.models.connectNewData({ "res.partner": rows })["res.partner"];
}

function store(pos, members) {
    localStorage.setItem(key(pos), JSON.stringify(members));
}

/** Keep a new member and return the customer that the till shows until the server knows them. */
export function takeDownMember(pos, values) {
    store(pos, [...pendingMembers(pos), values]);
    const row = {
        // Below zero: never sent as a customer of an order, and no other record has it.
        id: -Math.ceil(Math.random() * 1e9),
        name: values.name,
        phone: values.phone,
        is_member: true,
        _retail_new: values,
    };
    return loadPartners(pos, [row])[0];
}

/** Send all pending members; the orders that are still open get them as customers. */
export async function sendPendingMembers(pos) {
    const pending = pendingMembers(pos);
    if (!pending.length || pos.data.network.offline) {
        return;
    }
    const answer = await pos.data.call("res.partner", "retail_till_enrol_late", [
        pos.config.id,
        pending,
    ]);
    const ids = answer.ids;
    loadPartners(pos, answer["res.partner"]);
    store(
        pos,
        pendingMembers(pos).filter((values) => !(values.uuid in ids))
    );
    for (const order of pos.models["pos.order"].filter((order) => order.retail_new_member)) {
        const member = pos.models["res.partner"].get(ids[order.retail_new_member.uuid]);
        if (member && !order.finalized) {
            order.setPartner(member);
            order.retail_new_member = false;
        }
    }
    const known = pos.models["res.partner"].filter((partner) => partner._retail_new?.uuid in ids);
    for (const partner of known) {
        if (!pos.models["pos.order"].some((order) => order.partner_id?.id === partner.id)) {
            partner.delete();
        }
    }
}
