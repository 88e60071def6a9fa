"""The national record: published history of inspections and re-visits, taken over row by row.

`reading` opens the file, `checking` makes typed rows of it, `placing` finds the local area,
`telling` says what happened as events, `taking` writes them, `report` says what came of each row.
"""
