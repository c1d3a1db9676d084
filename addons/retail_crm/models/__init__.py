from . import retail_customer_class
from . import retail_region
from . import stock_warehouse
from . import res_users
from . import sale_channel
from . import res_partner
from . import sale_order
from . import sale_order_line
