"""How the service is used, in numbers: the report for the office. Counts only, no citizen's text."""
