"""The pages of this room: thin, they read, ask and show."""
