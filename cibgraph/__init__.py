"""The command line, the workspace and the embedded server: what a person starts."""
