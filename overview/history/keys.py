"""How a case that was taken over is told from one that was run here."""

#: The key that opened it begins with this; its day stands at the end.
PREFIX = "history:"
