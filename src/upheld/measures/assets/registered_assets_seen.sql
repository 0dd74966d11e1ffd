/*---
title    = "What is on the inventory is seen"
promise  = "Nothing that the inventory calls in use has gone unseen by our sources for longer than its window."
why      = "What nobody has seen for a month is lost, stolen or no longer ours, and the list does not say which."
clauses  = ["ISO/IEC 27001:2022 A.5.9", "ISO/IEC 27001:2013 A.8.1.1"]
kind     = "cadence"
severity = "medium"
owner    = "it-operations"
warn     = "7 days"
parameters = ["unseen_window"]
optional = ["hosts", "devices", "repositories", "store_states"]
---*/
WITH sightings AS (
    SELECT 'host' AS kind, id, coalesce(seen_until_at, $as_of) AS seen_at FROM history.hosts
    UNION ALL
    SELECT 'device', id, last_seen_at FROM history.devices
    UNION ALL
    SELECT 'repository', id, coalesce(seen_until_at, $as_of) FROM history.repositories
    UNION ALL
    SELECT 'store', id, coalesce(seen_until_at, $as_of) FROM history.store_states
),
seen AS (
    SELECT kind, id, max(seen_at) AS seen_at, true AS told
    FROM sightings
    GROUP BY kind, id
),
judged AS (
    SELECT asset.source, asset.id, coalesce(asset.title, asset.id) AS label, seen.seen_at, seen.told,
           seen.seen_at + $unseen_window                                     AS until_at
    FROM registered_assets AS asset
    LEFT JOIN seen USING (kind, id)
    -- Not applicable: what is in stock or gone, and what no source could see.
    WHERE asset.state = 'in use'
      AND asset.kind IN ('host', 'device', 'repository', 'store')
)
SELECT source || '/' || id                                                   AS subject,
       label,
       CASE WHEN told IS NULL THEN false ELSE until_at >= $as_of END         AS ok,
       CASE WHEN told IS NULL       THEN 'no source has ever seen it'
            WHEN seen_at IS NULL    THEN 'when it was last seen is unknown'
            ELSE 'last seen on ' || CAST(CAST(seen_at AS DATE) AS TEXT) END  AS detail,
       until_at                                                              AS flips_at
FROM judged
