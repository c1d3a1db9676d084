from . import retail_promotion_reconciliation
