/*---
title    = "The data centre provider's assurance is current"
promise  = "For every provider of a data centre that we use there is a report of somebody independent that is in date, and somebody here read it and found it good."
why      = "We cannot walk through a provider's halls; whoever did wrote a report, which runs out."
clauses  = ["ISO/IEC 27001:2022 A.5.22", "ISO/IEC 27001:2013 A.15.2.1", "ISO/IEC 27001:2022 A.5.23"]
kind     = "state"
severity = "medium"
owner    = "security-lead"
warn     = "30 days"
subjects = "data centre providers"
---*/
WITH reports AS (
    SELECT source, supplier_id,
           max(until_on) FILTER (good)                                       AS until_on,
           count(*)                                                          AS known,
           count(*) FILTER (NOT good)                                        AS bad
    FROM assurance_reports
    -- Not applicable: reports about a time to come, or that have run out.
    WHERE from_on <= CAST($as_of AS DATE)
      AND until_on >= CAST($as_of AS DATE)
    GROUP BY source, supplier_id
)
SELECT provider.source || '/' || provider.id                                 AS subject,
       coalesce(provider.title, provider.id)                                 AS label,
       reports.until_on IS NOT NULL                                          AS ok,
       CASE WHEN reports.until_on IS NOT NULL   THEN 'good until ' || CAST(reports.until_on AS TEXT)
            WHEN reports.bad > 0                THEN 'its report in date was found not good enough'
            WHEN reports.known > 0              THEN 'nobody has read its report in date'
            ELSE 'there is no report in date' END                            AS detail,
       CAST(reports.until_on AS TIMESTAMP) + INTERVAL 1 DAY                  AS flips_at
FROM suppliers AS provider
LEFT JOIN reports ON reports.source = provider.source AND reports.supplier_id = provider.id
WHERE list_contains(provider.provides, 'data-centre')
  -- Not applicable: who is not engaged yet, or no longer.
  AND provider.from_on <= CAST($as_of AS DATE)
  AND coalesce(provider.until_on >= CAST($as_of AS DATE), true)
