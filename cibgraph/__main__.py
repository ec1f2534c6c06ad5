"""`python -m cibgraph` is `cib`."""

from cibgraph.main import entry

entry()
