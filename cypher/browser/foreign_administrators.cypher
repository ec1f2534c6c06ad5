// Pages run from another country than they speak to
// Pages whose declared country is not the one where most of their administrators are, by Page Transparency.
// :param limit => 200
MATCH (page:Page)
WHERE page.country IS NOT NULL AND size(coalesce(page.admin_countries, [])) > 0
  AND page.admin_countries[0] <> page.country
RETURN page.name AS page, page.key AS page_key, page.country AS says_it_is_in, page.admin_countries AS admin_countries,
       page.admin_country_counts AS administrators, page.followers AS followers, page.history_names AS earlier_names
ORDER BY coalesce(followers, 0) DESC, page_key
LIMIT toInteger($limit)
