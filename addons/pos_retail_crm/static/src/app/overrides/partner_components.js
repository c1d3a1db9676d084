import { SelectPartnerButton } from "@point_of_sale/app/screens/product_screen/control_buttons/select_partner_button/select_partner_button";
import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";
import { MemberBadge } from "@pos_retail_crm/app/components/member_badge/member_badge";

SelectPartnerButton.components = { ...SelectPartnerButton.components, MemberBadge };
PartnerLine.components = { ...PartnerLine.components, MemberBadge };
