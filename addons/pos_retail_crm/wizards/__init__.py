from . import retail_guide_correction
