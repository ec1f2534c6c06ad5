// How many nodes, without those that record the schema, and relationships there are
CALL () { MATCH (node) RETURN count(node) AS nodes }
CALL () { MATCH (node:Migration) RETURN count(node) AS records }
CALL () { MATCH ()-[tie]->() RETURN count(tie) AS ties }
RETURN nodes - records AS nodes, ties
