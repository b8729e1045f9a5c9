"""HTTP conditional requests for Flask and other Python programs, by RFC 9110 section 13."""

from .core import Core, Current, Evaluation

__all__ = ["Core", "Current", "Evaluation"]
