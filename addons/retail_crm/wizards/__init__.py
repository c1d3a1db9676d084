from . import retail_care_preview
from . import retail_complaint_reason
from . import retail_member_merge
from . import retail_member_merge_candidate
from . import retail_member_merge_line
from . import retail_member_archive
from . import retail_member_erase
from . import retail_member_lookup
