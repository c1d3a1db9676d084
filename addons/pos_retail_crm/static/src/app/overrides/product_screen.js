import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { MemberBanner } from "@pos_retail_crm/app/components/member_banner/member_banner";

ProductScreen.components = { ...ProductScreen.components, MemberBanner };
