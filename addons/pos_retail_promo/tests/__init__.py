from . import test_facts
from . import test_js
from . import test_ledger
from . import test_load
from . import test_refund
from . import test_report
from . import test_sync
from . import test_tours
