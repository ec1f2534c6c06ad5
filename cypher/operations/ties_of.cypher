// The ties of the accounts named
// A friend is told from one end of the two.
// :param keys => []
UNWIND $keys AS key
MATCH (account:Account {key: key})-[tie:FRIEND|FOLLOWS|LIKES|MEMBER_OF]->(other:Asset)
RETURN account.key AS account, type(tie) AS type, other.key AS other
ORDER BY account, other, type
