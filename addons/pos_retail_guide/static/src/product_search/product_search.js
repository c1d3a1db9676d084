/**
 * Find products by the letters of their names, by model and by brand; without a call, so offline.
 *
 * A code is what the server's search takes for one: the beginning of a word of
 * `product.template.retail_name_index` (initials in each reading, pinyin, mnemonic code).
 */
import { Domain } from "@web/core/domain";
import { normalize } from "@web/core/l10n/utils";
import { patch } from "@web/core/utils/patch";
import { ProductTemplate } from "@point_of_sale/app/models/product_template";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { PosStore } from "@point_of_sale/app/services/pos_store";

const LETTERS = /^[a-z0-9]{1,16}$/;

/** What was typed, as letters in lower case; nothing when it can't be a code. */
function lettersOf(searchWord) {
    const text = searchWord.trim().toLowerCase();
    return LETTERS.test(text) ? text : "";
}

patch(ProductTemplate.prototype, {
    get searchString() {
        const words = [this.retail_model, this.retailBrandName].filter(Boolean);
        return [super.searchString, ...words.map(normalize)].join(" ");
    },

    get retailBrandName() {
        return this.models["pos.config"].getFirst()._retail_brands?.[this.product_brand_id];
    },
});

patch(PosStore.prototype, {
    /** Who is called so by the letters first, then stock's own finds, then what begins so. */
    getProductsBySearchWord(searchWord, products) {
        const found = super.getProductsBySearchWord(...arguments);
        const letters = lettersOf(searchWord);
        if (!letters) {
            return found;
        }
        const named = products.filter(({ retail_name_index: index }) =>
            index?.includes(` ${letters}`)
        );
        const exact = named.filter(({ retail_name_index: index }) =>
            `${index} `.includes(` ${letters} `)
        );
        return [...new Set([...exact, ...found, ...named])];
    },
});

patch(ProductScreen.prototype, {
    /** The same of the products that this till hasn't loaded. */
    loadProductFromDBDomain(searchProductWord) {
        const letters = lettersOf(searchProductWord);
        return Domain.and([
            Domain.or([
                super.loadProductFromDBDomain(...arguments),
                [["retail_model", "ilike", searchProductWord]],
                [["product_brand_id.name", "ilike", searchProductWord]],
                ...(letters ? [[["retail_name_index", "like", ` ${letters}`]]] : []),
            ]),
            [
                ["available_in_pos", "=", true],
                ["sale_ok", "=", true],
            ],
        ]).toList();
    },
});
