"""How well a run found planted operations.

`answers` reads what is compared, `figures` counts, `resampling` gives intervals.
"""
