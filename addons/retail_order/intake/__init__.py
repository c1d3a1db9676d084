from . import grouping, lookup
