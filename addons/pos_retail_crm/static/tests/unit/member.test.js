import { expect, test } from "@odoo/hoot";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { getFilledOrder, mountPosDialog, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { ComplaintDialog } from "@pos_retail_crm/app/components/complaint_dialog/complaint_dialog";
import { MemberBanner } from "@pos_retail_crm/app/components/member_banner/member_banner";
import { MemberBadge } from "@pos_retail_crm/app/components/member_badge/member_badge";

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

test("a member is found by the number on the card", async () => {
    const store = await setupPosEnv();
    const partner = memberOf(store);
    expect(partner.searchString).toInclude("M-1815");
    expect(partner.exactMatch("m-1815")).toBe(true);
    expect(partner.exactMatch("m-18")).toBe(false);
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
