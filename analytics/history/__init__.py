"""Operations over time.

`identity` keeps their ids, `rankings` keeps earlier runs, `differing` says what changed.
"""
