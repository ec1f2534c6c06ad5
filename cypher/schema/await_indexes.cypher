// Wait until new indexes are filled
// :param seconds => 600
CALL db.awaitIndexes($seconds)
