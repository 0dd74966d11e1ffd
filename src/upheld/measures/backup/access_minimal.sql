/*---
title    = "Few may read backups"
promise  = "Nobody outside a short list can read a backup, and nothing was downloaded from outside of the environment."
why      = "A backup holds everything that the system protects, without the system."
clauses  = ["ISO/IEC 27001:2022 A.8.13", "ISO/IEC 27001:2022 A.8.3", "ISO/IEC 27001:2013 A.9.4.1", "GDPR 32(1)(b)"]
kind     = "state"
severity = "critical"
owner    = "it-operations"
warn     = "14 days"
parameters = ["backup_readers_at_most", "backup_networks"]
subjects = "stores, readers and downloads"
---*/
WITH stores AS (
    SELECT repository AS store_id, count(*) AS backups
    FROM backups
    GROUP BY repository
),
found AS (
    SELECT reader.source, reader.id, reader.store_id, reader.principal
    FROM store_readers AS reader
    JOIN stores USING (store_id)
    WHERE reader.access = 'read'
),
listed AS (
    SELECT store_id, principal, max(coalesce(until_on, DATE '9999-01-01'))   AS until_on
    FROM approved_readers
    WHERE access = 'read'
      AND approved_by_id <> asked_by_id
      AND coalesce(until_on >= CAST($as_of AS DATE), true)
    GROUP BY store_id, principal
),
lengths AS (
    SELECT store_id, count(*) AS readers
    FROM listed
    GROUP BY store_id
),
-- A line that left the log was still told.
told AS (
    SELECT *, row_number() OVER (PARTITION BY source, id ORDER BY seen_from_at DESC) AS age
    FROM history.store_downloads
),
downloads AS (
    SELECT told.source, told.id, told.store_id, told.principal, told.address, told.at,
           CASE WHEN told.outside IS NOT NULL   THEN NOT told.outside
                -- A network is written as the beginning of its addresses, with the full stop at its end.
                ELSE list_contains($backup_networks, told.address)
                  OR list_contains($backup_networks, regexp_extract(told.address, '^[0-9]+[.][0-9]+[.][0-9]+[.]', 0))
                  OR list_contains($backup_networks, regexp_extract(told.address, '^[0-9]+[.][0-9]+[.]', 0))
                  OR list_contains($backup_networks, regexp_extract(told.address, '^[0-9]+[.]', 0)) END  AS within
    FROM told
    JOIN stores USING (store_id)
    WHERE told.age = 1
)
SELECT 'reader/' || found.source || '/' || found.id                          AS subject,
       found.principal || ' reads ' || found.store_id                        AS label,
       listed.until_on IS NOT NULL                                           AS ok,
       replace(coalesce('is on the list until ' || CAST(listed.until_on AS TEXT), 'is not on the list'), ' until 9999-01-01', '')  AS detail,
       CAST(nullif(listed.until_on, DATE '9999-01-01') AS TIMESTAMP) + INTERVAL 1 DAY  AS flips_at
FROM found
LEFT JOIN listed USING (store_id, principal)
UNION ALL
SELECT 'store/' || stores.store_id,
       stores.store_id,
       CASE WHEN lengths.readers > $backup_readers_at_most      THEN false
            WHEN seen.readers > 0                               THEN true END,
       CASE WHEN lengths.readers > $backup_readers_at_most      THEN lengths.readers || ' are on its list'
            ELSE coalesce(seen.readers || ' may read it', 'who can read it is not told') END,
       CAST(NULL AS TIMESTAMP)
FROM stores
LEFT JOIN lengths USING (store_id)
LEFT JOIN (SELECT store_id, count(*) AS readers FROM found GROUP BY store_id) AS seen USING (store_id)
UNION ALL
SELECT 'download/' || source || '/' || id,
       coalesce(principal, 'somebody') || ' from ' || store_id || coalesce(', ' || CAST(CAST("at" AS DATE) AS TEXT), ''),
       within,
       CASE WHEN within       THEN 'from within'
            WHEN NOT within   THEN 'from outside' || coalesce(': ' || address, '')
            ELSE 'from where is unknown' END,
       CAST(NULL AS TIMESTAMP)
FROM downloads
