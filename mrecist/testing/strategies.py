"""Hypothesis strategies for charts of patients with hepatocellular carcinoma."""

from __future__ import annotations

from ._case_documents import case_documents
from ._timed_documents import timed_documents

__all__ = ["case_documents", "timed_documents"]
