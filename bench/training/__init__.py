"""Sentences that somebody marked, and what the judges kept as files learn from them."""

UNSEEN = ("blind-12",)
"""The guard's authors of tests/security who are never learnt from: so what it does at first sight can be measured."""
