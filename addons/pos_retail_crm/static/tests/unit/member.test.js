import { expect, test } from "@odoo/hoot";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { getFilledOrder, mountPosDialog, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { ComplaintDialog } from "@pos_retail_crm/app/components/complaint_dialog/complaint_dialog";
import { GuideDialog } from "@pos_retail_crm/app/components/guide_dialog/guide_dialog";
import { MemberBanner } from "@pos_retail_crm/app/components/member_banner/member_banner";
import { MemberBadge } from "@pos_retail_crm/app/components/member_badge/member_badge";
import { MemberCard } from "@pos_retail_crm/app/components/member_card/member_card";
import { QuickMember } from "@pos_retail_crm/app/components/quick_member/quick_member";
import {
    findsMember,
    isMember,
    parseTerm,
    phoneMark,
} from "@pos_retail_crm/app/utils/member_search";
import { pendingMembers, sendPendingMembers } from "@pos_retail_crm/app/utils/pending_members";
import { newReceiptToken, receiptPage } from "@pos_retail_crm/app/utils/receipt_page";

definePosModels();

function memberOf(store) {
    const partner = store.models["res.partner"].get(3);
    partner.update({
        is_member: true,
        member_code: "M-1815",
        retail_class_id: store.models["retail.customer.class"].get(1),
    });
    return partner;
}

test("the badge shows the class of members only", async () => {
    const store = await setupPosEnv();
    const partner = memberOf(store);
    await mountWithCleanup(MemberBadge, { props: { partner } });
    expect(".o_retail_member_badge").toHaveText("VIP");
    expect(".o_retail_member_badge").toHaveClass("o_colorlist_item_color_3");
    const stranger = store.models["res.partner"].get(4);
    const badge = await mountWithCleanup(MemberBadge, { props: { partner: stranger } });
    expect(badge.memberClass).toBe(undefined);
});

test("the banner tells what to mind and what the member likes", async () => {
    const store = await setupPosEnv();
    const partner = memberOf(store);
    const banner = await mountWithCleanup(MemberBanner, { props: { partner } });
    expect(banner.notes).toHaveLength(0);
    partner.update({ retail_special_need: "No <b>nuts</b>", retail_preference: "Likes tea" });
    await mountWithCleanup(MemberBanner, { props: { partner } });
    expect(".o_retail_special_need").toHaveText("No <b>nuts</b>");
    expect(".o_retail_preference").toHaveText("Likes tea");
});

const WANG = {
    name: "王芳",
    phone: "138****5678",
    member_code: "M-1815",
    _retail_letters: " wf wangfang",
    _retail_mark: phoneMark("+86 138 1234 5678"),
};

test("a member is found by name, letters, card, last digits and the whole phone", () => {
    for (const query of ["王", "wf", "wangf", "WANGFANG", "m-18", "5678"]) {
        expect(findsMember(WANG, parseTerm(query))).toBe(true);
    }
    for (const query of ["ang", "f", "678", "138", "李"]) {
        expect(findsMember(WANG, parseTerm(query))).toBe(false);
    }
    for (const query of ["m-1815", "13812345678", "+86 138-1234-5678", "0086 138 1234 5678"]) {
        expect(isMember(WANG, parseTerm(query))).toBe(true);
    }
    for (const query of ["M-181", "13812345679", "13912345670", "5678"]) {
        expect(isMember(WANG, parseTerm(query))).toBe(false);
    }
});

test("marks of phones are those of the server", () => {
    // What phone_mark in models/res_partner.py gives.
    expect(phoneMark("13812345678")).toBe(973);
    expect(phoneMark("0912345678")).toBe(973);
    expect(phoneMark("139 0000 1111")).toBe(809);
    expect(phoneMark("1234567")).toBe(false);
    expect(phoneMark(undefined)).toBe(false);
});

test("the card is drawn from what the till keeps, and again with the server's answer", async () => {
    const store = await setupPosEnv();
    const partner = memberOf(store);
    partner.update({ phone: "138****5678" });
    onRpc("res.partner", "retail_till_card", () => ({
        complaints: [{ id: 1, number: "HT1", kind: "Complaint", since: "2026-01-02" }],
        as_of: "2026-01-03 10:00:00",
    }));
    const card = await mountPosDialog(MemberCard, { partner, close: () => {} });
    await card.load();
    expect(card.state.fresh).toBe(true);
    expect(card.card.complaints[0].number).toBe("HT1");
    expect(card.asOf).not.toBe("");
    store.data.network.offline = true;
    const offline = await mountPosDialog(MemberCard, { partner, close: () => {} });
    await offline.load();
    expect(offline.state.fresh).toBe(false);
    expect(offline.card.complaints[0].number).toBe("HT1");
});

test("a new member stops at who has the phone", async () => {
    const store = await setupPosEnv();
    const partner = memberOf(store);
    const chosen = [];
    onRpc("res.partner", "retail_till_enrol", () => ({
        duplicate: true,
        "res.partner": [{ ...partner.raw }],
    }));
    const dialog = await mountPosDialog(QuickMember, {
        name: "",
        phone: "138 1234 5678",
        choose: (found) => chosen.push(found),
        close: () => {},
    });
    expect(dialog.canSave).toBe(false);
    dialog.state.name = "Twin";
    expect(dialog.canSave).toBe(true);
    await dialog.save();
    expect(chosen).toHaveLength(0);
    expect(dialog.state.twins).toHaveLength(1);
    dialog.choose(dialog.state.twins[0]);
    expect(chosen[0].id).toBe(partner.id);
});

test("a member taken down without a connection waits and is sent once", async () => {
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    const sent = [];
    onRpc("res.partner", "retail_till_enrol_late", ({ args }) => {
        sent.push(args[1]);
        const [values] = args[1];
        return {
            ids: { [values.uuid]: 4 },
            "res.partner": [{ ...store.models["res.partner"].get(4).raw }],
        };
    });
    const dialog = await mountPosDialog(QuickMember, {
        name: "New Nina",
        phone: "139 0000 1111",
        choose: (found) => order.setPartner(found),
        close: () => {},
    });
    store.data.network.offline = true;
    await dialog.save();
    store.data.network.offline = false;
    expect(order.partner_id.name).toBe("New Nina");
    expect(order.partner_id.id).toBeLessThan(0);
    expect(order.retail_new_member.phone).toBe("139 0000 1111");
    expect(pendingMembers(store)).toHaveLength(1);
    await sendPendingMembers(store);
    expect(order.partner_id.id).toBe(4);
    expect(order.retail_new_member).toBe(false);
    expect(pendingMembers(store)).toHaveLength(0);
    await sendPendingMembers(store);
    expect(sent).toHaveLength(1);
});

test("a line names who sold it, else the member's guide or the cashier", async () => {
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    const [first, second] = order.lines;
    expect(first.guideName).toBe(order.user_id.name);
    store.config._retail_guides ??= [];
    Object.defineProperty(store.config, "_retail_guides", {
        value: [
            { id: 7, name: "Bea" },
            { id: 8, name: "Gus" },
        ],
    });
    order.selectOrderline(first);
    const dialog = await mountPosDialog(GuideDialog, { order, close: () => {} });
    dialog.choose(dialog.guides[0]);
    expect(first.guideName).toBe("Bea");
    expect(first.ownGuideName).toBe("Bea");
    expect(second.ownGuideName).toBe("");
    expect(order.guideNames).toEqual(["Bea", order.user_id.name]);
    dialog.state.whole = true;
    dialog.choose(dialog.guides[1]);
    expect(order.guideNames).toEqual(["Gus"]);
    // Two guides: the share has to be one, and the second one somebody else.
    dialog.state.whole = false;
    dialog.startSplit();
    dialog.choose(dialog.guides[0]);
    expect(dialog.seconds.map((guide) => guide.name)).toEqual(["Gus"]);
    for (const wrong of [0, -5, 100, "", "x", 99.999]) {
        dialog.state.share = wrong;
        dialog.chooseSecond(dialog.guides[1]);
        expect(first.secondGuide).toBe(null);
    }
    dialog.state.share = 30;
    dialog.chooseSecond(dialog.guides[1]);
    expect(first.guideNames).toEqual(["Bea", "Gus"]);
    expect(first.ownGuideName).toBe("Bea + Gus (30 %)");
    expect([first.retail_second_guide_id, first.retail_second_share]).toEqual([8, 30]);
    expect(second.secondGuide).toBe(null);
    // One alone again takes the share away.
    dialog.state.split = false;
    dialog.choose(dialog.guides[1]);
    expect([first.retail_second_guide_id, first.retail_second_share]).toEqual([false, 0]);
});

test("a complaint names goods, needs words and is sent once per dialog", async () => {
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    await store.syncAllOrders({ orders: [order] });
    const sent = [];
    onRpc("pos.order", "retail_open_complaint", ({ args }) => {
        sent.push(args[1]);
        return { id: 1, number: "HT1" };
    });
    const dialog = await mountPosDialog(ComplaintDialog, { order, close: () => {} });
    expect(dialog.lines).toHaveLength(2);
    expect(dialog.canSend).toBe(false);
    await dialog.send();
    expect(sent).toHaveLength(0);
    dialog.state.text = " Stale ";
    dialog.toggle(dialog.lines[0]);
    await dialog.send();
    await dialog.send();
    expect(sent).toHaveLength(2);
    expect(sent[0].request_uuid).toBe(sent[1].request_uuid);
    expect(sent[0].text).toBe("Stale");
    expect(sent[0].line_uuids).toEqual([order.lines[0].uuid]);
});

test("the page of a receipt has a secret address, where the till wants one", () => {
    const token = newReceiptToken();
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(newReceiptToken()).not.toBe(token);
    const config = { retail_receipt_qr: true, _base_url: "https://shop.example" };
    const order = { config, retail_receipt_token: token };
    expect(receiptPage(order)).toBe(`https://shop.example/retail/receipt/${token}`);
    expect(receiptPage({ config })).toBe("");
    config.retail_receipt_qr = false;
    expect(receiptPage(order)).toBe("");
});
