"""Hypothesis strategies for charts of patients with hepatocellular carcinoma."""

from __future__ import annotations

from ._drafts import case_documents, timed_documents

__all__ = ["case_documents", "timed_documents"]
