"""Who belongs to a frontier, and which score is the better one.

Scores are compared as *goodness*: the value itself where higher is better, its negative where lower is.
"""

from __future__ import annotations

from tracker.domain import LicenceClass, Metric, Weights

CLASSES = ("any", "commercial", "permissive")
_COMMERCIAL = {LicenceClass.PERMISSIVE, LicenceClass.RESTRICTED}


def goodness(value: float, metric: Metric) -> float:
    """The value turned so that more is better."""
    return value if metric.higher_is_better else -value


def in_class(weights: Weights, licence: LicenceClass, licence_class: str) -> bool:
    """Whether a model is open within a licence class; unknown weights belong to none."""
    if weights is not Weights.OPEN:
        return False
    if licence_class == "permissive":
        return licence is LicenceClass.PERMISSIVE
    return licence_class == "any" or licence in _COMMERCIAL
