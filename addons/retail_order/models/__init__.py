from . import retail_import_profile
from . import retail_import_run
from . import retail_import_target_order
from . import retail_order_source
from . import sale_order
