from . import retail_care_preview
from . import retail_complaint_reason
