// The ties of the accounts named
// A friend is told from one end of the two. Keys are indexed by the label Asset alone: by another, every key would
// be looked for among all accounts.
// :param keys => []
UNWIND $keys AS key
MATCH (account:Asset {key: key})-[tie:FRIEND|FOLLOWS|LIKES|MEMBER_OF]->(other:Asset)
WHERE account:Account
RETURN account.key AS account, type(tie) AS type, other.key AS other
ORDER BY account, other, type
