import { expect, test } from "@odoo/hoot";
import { Domain } from "@web/core/domain";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import "@pos_retail_guide/product_search/product_search";

definePosModels();

/** A till with two dresses and a bag: 长裙 is read cq or zq; the bag's own code is DD. */
async function setupTill() {
    const store = await setupPosEnv();
    store.config._retail_brands = { 7: "Lóng Silk" };
    const [dress, longer, bag] = [5, 6, 8].map((id) => store.models["product.template"].get(id));
    Object.assign(dress, { retail_name_index: " cq zq changqun" });
    Object.assign(longer, { retail_name_index: " cqz zqz changqunzi", product_brand_id: 7 });
    Object.assign(bag, { retail_name_index: " b dd", retail_model: "Voyager-3" });
    const find = (word) =>
        store.getProductsBySearchWord(word, [longer, dress, bag]).map(({ id }) => id);
    return { find, dress, longer, bag };
}

test("letters find by the beginning of a code, the exact one first", async () => {
    const { find, dress, longer, bag } = await setupTill();
    expect(find("cq")).toEqual([dress.id, longer.id]);
    expect(find(" ZQ ")).toEqual([dress.id, longer.id]);
    expect(find("changqunz")).toEqual([longer.id]);
    expect(find("dd")).toEqual([bag.id]);
    // The middle of a code is no code.
    expect(find("hangqu")).toEqual([]);
});

test("model and brand find by any part, in any case, with or without accents", async () => {
    const { find, longer, bag } = await setupTill();
    expect(find("voyager")).toEqual([bag.id]);
    expect(find("ger-3")).toEqual([bag.id]);
    expect(find("long s")).toEqual([longer.id]);
});

test("names are found as before", async () => {
    const { find, dress, longer } = await setupTill();
    expect(find("test")).toEqual([dress.id, longer.id]);
    expect(find("est 2")).toEqual([longer.id]);
    expect(find("nothing like it")).toEqual([]);
});

test("what isn't loaded is asked for in the same ways", () => {
    const asked = (word) =>
        new Domain(ProductScreen.prototype.loadProductFromDBDomain.call({}, word));
    const row = {
        name: "",
        default_code: "",
        barcode: "",
        retail_model: "",
        retail_name_index: "",
        product_brand_id: { name: "" },
        product_variant_ids: { name: "", default_code: "", barcode: "" },
        available_in_pos: true,
        sale_ok: true,
    };
    const finds = (word, values) => asked(word).contains({ ...row, ...values });
    expect(finds("cq", { name: "Acquired" })).toBe(true);
    expect(finds("CQ", { retail_name_index: " b cqx" })).toBe(true);
    expect(finds("q", { retail_name_index: " cq" })).toBe(false);
    expect(finds("voy", { retail_model: "Voyager" })).toBe(true);
    expect(finds("silk", { product_brand_id: { name: "Silk" } })).toBe(true);
    expect(finds("silk", { retail_model: "Silk", sale_ok: false })).toBe(false);
    expect(finds("silk", { retail_model: "Silk", available_in_pos: false })).toBe(false);
});
