/*---
title    = "Our own people do not enter the provider's data centre"
promise  = "Nobody of ours is authorised for a zone that a provider operates, or has entered one."
why      = "What the provider vouches for holds only while nobody else walks in."
clauses  = ["ISO/IEC 27001:2022 A.7.2", "ISO/IEC 27001:2013 A.11.1.2"]
kind     = "never"
severity = "high"
owner    = "facilities"
---*/
WITH authorised AS (
    SELECT zone_id, count(*) AS people
    FROM zone_authorisations
    WHERE withdrawn_at IS NULL
    GROUP BY zone_id
),
entered AS (
    SELECT zone_id, count(person_id) AS entries, max(entered_at) FILTER (person_id IS NOT NULL) AS last_at
    FROM identified_entries
    GROUP BY zone_id
),
judged AS (
    SELECT zone.source, zone.id, coalesce(zone.title, zone.id) AS label,
           coalesce(authorised.people, 0) AS people, coalesce(entered.entries, 0) AS entries, entered.last_at
    FROM (SELECT source, id, title, site_id, id AS zone_id FROM zones) AS zone
    JOIN (SELECT source, id AS site_id, operated_by FROM sites) AS site USING (source, site_id)
    LEFT JOIN authorised USING (zone_id)
    LEFT JOIN entered USING (zone_id)
    WHERE site.operated_by = 'provider'
)
SELECT source || '/' || id                                                   AS subject,
       label,
       people = 0 AND entries = 0                                            AS ok,
       CASE WHEN entries > 0      THEN 'was entered by our own people, last on ' || coalesce(CAST(CAST(last_at AS DATE) AS TEXT), 'an unknown day')
            WHEN people = 0       THEN 'nobody of ours may enter, or did'
            ELSE 'people of ours are authorised for it: ' || people END      AS detail
FROM judged
