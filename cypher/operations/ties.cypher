// How many friends, Groups and liked or followed Pages and accounts each account has
// Who follows an account is no tie of its own. Accounts without any are left out.
MATCH (account:Account)
WITH account, count { (account)-[:FRIEND]-() } + count { (account)-[:FOLLOWS|LIKES|MEMBER_OF]->() } AS ties
WHERE ties > 0
RETURN account.key AS asset, ties
ORDER BY asset
