/*---
title    = "Records are read and released as listed"
promise  = "Nobody outside its list can read, change or release a class of records, and every release was authorised before."
why      = "Records are the company's memory: of who may look into it, and who may give it away, there is a list."
clauses  = ["ISO/IEC 27001:2022 A.5.33", "ISO/IEC 27001:2013 A.18.1.3", "ISO/IEC 27001:2022 A.8.3"]
kind     = "state"
severity = "high"
owner    = "security-lead"
warn     = "14 days"
subjects = "stores, readers and releases of records"
---*/
WITH stores AS (
    SELECT store_id, string_agg(coalesce(title, id), ', ' ORDER BY id)       AS title
    FROM record_classes
    GROUP BY store_id
),
found AS (
    SELECT reader.source, reader.id, reader.store_id, reader.principal, reader.access, stores.title
    FROM store_readers AS reader
    JOIN stores USING (store_id)
),
listed AS (
    SELECT store_id, principal, access, max(coalesce(until_on, DATE '9999-01-01'))  AS until_on
    FROM approved_readers
    WHERE approved_by_id <> asked_by_id
      AND coalesce(until_on >= CAST($as_of AS DATE), true)
    GROUP BY store_id, principal, access
),
-- A line that left the log was still told.
told AS (
    SELECT *, row_number() OVER (PARTITION BY source, id ORDER BY seen_from_at DESC) AS age
    FROM history.store_downloads
),
-- Not applicable: what was read within.
downloads AS (
    SELECT told.source, told.id, told.store_id, told.principal, told.at, told.outside, stores.title
    FROM told
    JOIN stores USING (store_id)
    WHERE told.age = 1
      AND told.outside IS NOT FALSE
),
authorised AS (
    SELECT download.source, download.id, count(*)                            AS releases
    FROM downloads AS download
    JOIN record_classes AS class ON class.store_id = download.store_id
    JOIN release_authorisations AS release ON release.class_id = class.id
    WHERE release.authorised_by_id <> release.asked_by_id
      AND release.authorised_at <= download.at
      AND release.until_on >= CAST(download.at AS DATE)
    GROUP BY download.source, download.id
)
SELECT 'reader/' || found.source || '/' || found.id                          AS subject,
       found.principal || ' may ' || found.access || ' ' || found.title      AS label,
       listed.until_on IS NOT NULL                                           AS ok,
       replace(coalesce('is on the list until ' || CAST(listed.until_on AS TEXT), 'is not on the list'), ' until 9999-01-01', '')  AS detail,
       CAST(nullif(listed.until_on, DATE '9999-01-01') AS TIMESTAMP) + INTERVAL 1 DAY  AS flips_at
FROM found
LEFT JOIN listed USING (store_id, principal, access)
UNION ALL
SELECT 'store/' || stores.store_id,
       stores.title,
       CASE WHEN seen.readers > 0 THEN true END,
       coalesce(seen.readers || ' rights were found', 'who can read it is not told'),
       CAST(NULL AS TIMESTAMP)
FROM stores
LEFT JOIN (SELECT store_id, count(*) AS readers FROM found GROUP BY store_id) AS seen USING (store_id)
UNION ALL
SELECT 'release/' || downloads.source || '/' || downloads.id,
       downloads.title || coalesce(', ' || CAST(CAST(downloads.at AS DATE) AS TEXT), ''),
       CASE WHEN authorised.releases > 0                             THEN true
            WHEN downloads.outside AND downloads.at IS NOT NULL      THEN false END,
       coalesce('authorised before, times: ' || authorised.releases,
                CASE WHEN downloads.outside IS NULL OR downloads.at IS NULL   THEN 'when, or whether it went outside, is unknown'
                     ELSE 'given outside, and nobody had authorised it' END),
       CAST(NULL AS TIMESTAMP)
FROM downloads
LEFT JOIN authorised USING (source, id)
