// Take the marks of the watchlist from assets
MATCH (list:Watchlist)
DETACH DELETE list
