"""The programme: every local area with what was inspected, what is due and what comes next."""
