/*---
title    = "Each site is protected against the four disruptions"
promise  = "Against power failure, fire, natural disaster and line interference every site of ours has a protection that was tested within its interval and worked."
why      = "What interrupts a site is rarely what was thought of first."
clauses  = ["ISO/IEC 27001:2022 A.7.5", "ISO/IEC 27001:2022 A.7.11", "ISO/IEC 27001:2013 A.11.1.4", "ISO/IEC 27001:2013 A.11.2.2", "GDPR 32(1)(b)"]
kind     = "cadence"
severity = "high"
owner    = "facilities"
warn     = "30 days"
subjects = "disruptions of sites"
---*/
WITH feared AS (
    SELECT site.source, site.id AS site_id, coalesce(site.title, site.id) AS title, named.hazard
    FROM sites AS site CROSS JOIN unnest(['power failure', 'fire', 'natural disaster', 'line interference']) AS named(hazard)
    -- Not applicable: a provider's site, which its own assurance covers.
    WHERE site.operated_by IS DISTINCT FROM 'provider'
),
judged AS (
    SELECT feared.source, feared.site_id, feared.title, feared.hazard,
           count(protection.id)                                              AS protections,
           max(protection.test_due_at) FILTER (protection.worked)            AS until_at
    FROM feared
    LEFT JOIN protections AS protection USING (source, site_id, hazard)
    GROUP BY feared.source, feared.site_id, feared.title, feared.hazard
)
SELECT source || '/' || site_id || '/' || hazard                             AS subject,
       title || ', ' || hazard                                               AS label,
       coalesce(until_at >= $as_of, false)                                   AS ok,
       CASE WHEN protections = 0       THEN 'nothing protects against it'
            WHEN until_at IS NULL      THEN 'its protection was not shown to work'
            ELSE 'its last good test is enough until ' || CAST(CAST(until_at AS DATE) AS TEXT) END  AS detail,
       until_at                                                              AS flips_at
FROM judged
