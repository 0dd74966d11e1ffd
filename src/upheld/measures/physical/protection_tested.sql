/*---
title    = "Protections against hazards are tested"
promise  = "Every hazard noted for a site has a protection that was tested within its interval and worked."
why      = "A pump that nobody tried is found broken by the flood."
clauses  = ["ISO/IEC 27001:2022 A.7.5", "ISO/IEC 27001:2013 A.11.1.4", "GDPR 32(1)(b)"]
kind     = "cadence"
severity = "high"
owner    = "facilities"
warn     = "30 days"
subjects = "hazards of sites"
---*/
WITH noted AS (
    SELECT site.source, site.id AS site_id, coalesce(site.title, site.id) AS title, named.hazard
    FROM sites AS site CROSS JOIN unnest(site.hazards) AS named(hazard)
),
judged AS (
    SELECT noted.source, noted.site_id, noted.title, noted.hazard,
           count(protection.id)                                              AS protections,
           max(protection.tested_at)                                         AS tested_at,
           max(protection.test_due_at) FILTER (protection.worked)            AS until_at
    FROM noted
    LEFT JOIN protections AS protection USING (source, site_id, hazard)
    GROUP BY noted.source, noted.site_id, noted.title, noted.hazard
)
SELECT source || '/' || site_id || '/' || hazard                             AS subject,
       title || ', ' || hazard                                               AS label,
       coalesce(until_at >= $as_of, false)                                   AS ok,
       CASE WHEN protections = 0       THEN 'nothing protects against it'
            WHEN tested_at IS NULL     THEN 'its protection was never tested'
            WHEN until_at IS NULL      THEN 'its protection did not work when it was tested on ' || CAST(CAST(tested_at AS DATE) AS TEXT)
            ELSE 'last tested on ' || CAST(CAST(tested_at AS DATE) AS TEXT) END  AS detail,
       until_at                                                              AS flips_at
FROM judged
