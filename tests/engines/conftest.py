"""How hypothesis draws: the same examples in each run, new ones with `./retail test --long`.

A change is judged by what it changed; luck belongs into the long run, where somebody looks.
"""

import os

from hypothesis import settings

NEW = os.environ.get("DAOGOU_EXAMPLES") == "new"

# A busy machine is no failure: examples are judged by their answer, not by their time.
settings.register_profile("engines", deadline=None, derandomize=not NEW)
settings.load_profile("engines")
