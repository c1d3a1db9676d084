import { patch } from "@web/core/utils/patch";
import { SaleOrder } from "@pos_sale/../tests/unit/data/sale_order.data";

// OCA's sale_exception, where it is installed, sorts sales orders by a model that the mock
// server doesn't have.
patch(SaleOrder.prototype, {
    search_read(domain, fields, offset, limit) {
        return super.search_read(domain, fields, offset, limit, "id");
    },
});
