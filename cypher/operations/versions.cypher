// Version and edition of the server
CALL dbms.components() YIELD name, versions, edition
WHERE name = 'Neo4j Kernel'
RETURN 'neo4j' AS name, versions[0] + ' ' + edition AS version
