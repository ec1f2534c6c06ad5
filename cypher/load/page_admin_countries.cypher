// Where the administrators of Pages are, as Page Transparency shows it
// :param rows => []
UNWIND $rows AS row
MATCH (page:Asset {key: row.key})
SET page.admin_countries = row.countries, page.admin_country_counts = row.counts
