"""A new bank holiday, closure or offset over all open cases: proposed, looked at, applied.

`services` is what pages, tasks and commands use. Nothing moves a date before somebody who has seen
old and new dates applies the change.
"""
