"""Sentences that somebody marked, and what the judges kept as files learn from them."""

UNSEEN = "blind-12"
"""The guard's author of tests/security who is never learnt from: so what it does at first sight can be measured."""
