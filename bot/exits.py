"""Exit codes of every command (docs/design.md)."""

FINE, PROBLEMS, USAGE, CONFIGURATION = 0, 1, 2, 3
