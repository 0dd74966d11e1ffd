/*---
title    = "What is seen is on the inventory"
promise  = "Nothing that our sources have seen for longer than the window is missing from the inventory of assets."
why      = "What nobody wrote down nobody updates, backs up or misses."
clauses  = ["ISO/IEC 27001:2022 A.5.9", "ISO/IEC 27001:2013 A.8.1.1"]
kind     = "deadline"
severity = "medium"
owner    = "it-operations"
warn     = "2 days"
subjects = "things that sources see"
parameters = ["unregistered_window"]
optional = ["hosts", "devices", "repositories", "store_states"]
---*/
WITH seen AS (
    SELECT 'host' AS kind, id, seen_from_at, seen_until_at FROM history.hosts
    UNION ALL
    SELECT 'device', id, seen_from_at, seen_until_at FROM history.devices
    UNION ALL
    SELECT 'repository', id, seen_from_at, seen_until_at FROM history.repositories
    UNION ALL
    SELECT 'store', id, seen_from_at, seen_until_at FROM history.store_states
),
standing AS (
    SELECT kind, id, min(seen_from_at) AS first_at, min(seen_from_at) + $unregistered_window AS due_at
    FROM seen
    GROUP BY kind, id
    -- Not applicable: what no source sees any more.
    HAVING bool_or(seen_until_at IS NULL)
),
known AS (
    SELECT id, bool_or(state <> 'disposed') AS here
    FROM (SELECT id, state FROM registered_assets UNION ALL SELECT id, 'in use' FROM registered_stores) AS kept
    GROUP BY id
)
SELECT standing.kind || '/' || standing.id                                   AS subject,
       standing.id                                                           AS label,
       coalesce(known.here, standing.due_at >= $as_of)                       AS ok,
       CASE WHEN known.here             THEN 'is on the inventory'
            WHEN NOT known.here         THEN 'is on the inventory as disposed of, and is still seen'
            ELSE 'is not on the inventory, and seen since ' || CAST(CAST(standing.first_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN known.here IS NULL THEN standing.due_at END                 AS flips_at
FROM standing
LEFT JOIN known USING (id)
