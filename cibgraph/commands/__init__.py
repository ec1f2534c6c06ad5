"""The click commands, one module a command or a small family."""
