from . import test_fact_access
from . import test_fact_check
from . import test_fact_return
from . import test_fact_sale
from . import test_care_generate
from . import test_care_task
from . import test_complaint
from . import test_complaint_clock
