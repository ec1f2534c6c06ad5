// How many nodes and relationships there are
CALL () { MATCH (node) RETURN count(node) AS nodes }
CALL () { MATCH ()-[tie]->() RETURN count(tie) AS ties }
RETURN nodes, ties
