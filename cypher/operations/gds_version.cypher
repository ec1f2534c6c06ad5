// Version of the GDS plugin
RETURN 'gds' AS name, gds.version() AS version
