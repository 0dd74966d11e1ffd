/*---
title    = "Sites are monitored without gaps"
promise  = "No site of ours was without a sign of life of its alarms and cameras for longer than allowed, and a contract with a security service is in force for it."
why      = "Whoever wants in waits for the hour in which nobody looks."
clauses  = ["ISO/IEC 27001:2022 A.7.4", "ISO/IEC 27001:2013 A.11.1.2"]
kind     = "cadence"
severity = "high"
owner    = "facilities"
warn     = "15 minutes"
parameters = ["monitoring_gap", "monitoring_looked_back"]
---*/
WITH ours AS (
    SELECT source, id, coalesce(title, id) AS title, greatest(CAST(from_on AS TIMESTAMP), $as_of - $monitoring_looked_back) AS begins_at
    FROM sites
    -- Not applicable: a provider's site, and one that is not in use yet.
    WHERE operated_by IS DISTINCT FROM 'provider'
      AND from_on <= CAST($as_of AS DATE)
),
-- The time looked at begins and ends with a sign of life, so that silence at either end is a gap as well.
signs AS (
    SELECT source, id, begins_at AS sign_at FROM ours
    UNION ALL
    SELECT ours.source, ours.id, beat.seen_at
    FROM ours
    JOIN (SELECT site_id AS id, seen_at FROM monitoring_heartbeats) AS beat USING (id)
    WHERE beat.seen_at > ours.begins_at
    UNION ALL
    SELECT source, id, $as_of FROM ours
),
gaps_between AS (
    SELECT source, id, sign_at, sign_at - lag(sign_at) OVER (PARTITION BY source, id ORDER BY sign_at) AS gap
    FROM signs
),
summed AS (
    SELECT source, id, max(gap) AS gap, max(sign_at) FILTER (sign_at < $as_of) AS last_at
    FROM gaps_between
    GROUP BY source, id
),
guarded AS (
    SELECT source, site_id AS id, max(coalesce(until_on, DATE '9999-12-30')) AS until_on
    FROM security_services
    WHERE from_on <= CAST($as_of AS DATE)
      AND coalesce(until_on >= CAST($as_of AS DATE), true)
    GROUP BY source, site_id
)
SELECT ours.source || '/' || ours.id                                         AS subject,
       ours.title                                                            AS label,
       summed.gap <= $monitoring_gap AND guarded.until_on IS NOT NULL        AS ok,
       CASE WHEN summed.gap > $monitoring_gap        THEN 'was not monitored for ' || date_diff('minute', TIMESTAMP '2000-01-01', TIMESTAMP '2000-01-01' + summed.gap) || ' minutes'
            WHEN guarded.until_on IS NOT NULL        THEN 'is monitored and guarded'
            ELSE 'has no contract with a security service' END               AS detail,
       least(summed.last_at + $monitoring_gap, CAST(guarded.until_on AS TIMESTAMP) + INTERVAL 1 DAY)  AS flips_at
FROM ours
JOIN summed USING (source, id)
LEFT JOIN guarded USING (source, id)
