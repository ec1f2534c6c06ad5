"""Files in any carried format to batches of text columns with line numbers."""
