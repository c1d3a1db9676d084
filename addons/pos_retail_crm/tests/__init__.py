from . import test_communication
from . import test_complaint
from . import test_fact_till
from . import test_fact_settled
from . import test_js
from . import test_load
from . import test_settle_rights
from . import test_tours
