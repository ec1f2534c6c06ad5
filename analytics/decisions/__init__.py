"""What analysts decide and watch.

`journal` keeps decisions, `deciding` makes them, `workbook` takes them in from a spreadsheet (`stamps`);
`watchlist` keeps what to hear of; `changed` and `remnants` say when a dismissed operation speaks again.
"""
