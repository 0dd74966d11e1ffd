/*---
title    = "Storage is wiped before it leaves or changes hands"
promise  = "No asset with storage was disposed of, or handed to somebody else, without a verified sanitisation before."
why      = "Deleted is not gone: whoever gets the disk next can read it."
clauses  = ["ISO/IEC 27001:2022 A.7.14", "ISO/IEC 27001:2022 A.8.10", "ISO/IEC 27001:2013 A.11.2.7", "GDPR 32(1)(a)"]
kind     = "never"
severity = "high"
owner    = "it-operations"
subjects = "disposals and reissues of storage"
may_be_empty = "a company may not yet have disposed of, or reissued, anything with storage"
---*/
WITH passed_on AS (
    SELECT source, id, asset_id, given_at, holder_id,
           lag(holder_id) OVER (PARTITION BY source, asset_id ORDER BY given_at)                           AS before_id,
           coalesce(lag(returned_at) OVER (PARTITION BY source, asset_id ORDER BY given_at), TIMESTAMP '0001-01-01')  AS since_at
    FROM asset_custodies
),
moments AS (
    SELECT source, 'reissue/' || id AS what, asset_id, since_at, given_at AS left_at
    FROM passed_on
    WHERE before_id <> holder_id
    UNION ALL
    SELECT asset.source, 'disposal/' || asset.id, asset.id, coalesce(last.returned_at, TIMESTAMP '0001-01-01'), asset.disposed_at
    FROM registered_assets AS asset
    LEFT JOIN (SELECT source, asset_id AS id, max(returned_at) AS returned_at FROM asset_custodies GROUP BY source, asset_id) AS last USING (source, id)
    WHERE asset.state = 'disposed'
),
judged AS (
    SELECT moments.source, moments.what, moments.asset_id, moments.left_at, asset.title, asset.storage,
           count(sanitisation.id) FILTER (sanitisation.sanitised_at >= moments.since_at
                                          AND greatest(sanitisation.sanitised_at, sanitisation.verified_at) <= moments.left_at
                                          AND sanitisation.verified)         AS wiped
    FROM moments
    JOIN (SELECT source, id AS asset_id, title, storage FROM registered_assets) AS asset USING (source, asset_id)
    LEFT JOIN sanitisations AS sanitisation USING (source, asset_id)
    -- Not applicable: what no data can be stored on.
    WHERE asset.storage IS NOT FALSE
    GROUP BY moments.source, moments.what, moments.asset_id, moments.left_at, asset.title, asset.storage
)
SELECT source || '/' || what                                                 AS subject,
       coalesce(title, asset_id)                                             AS label,
       CASE WHEN wiped > 0    THEN true
            WHEN storage      THEN false END                                 AS ok,
       CASE WHEN wiped > 0    THEN 'was wiped, and looked at, before'
            ELSE 'was not wiped and looked at before' || coalesce(' ' || CAST(CAST(left_at AS DATE) AS TEXT), ' it went') END  AS detail
FROM judged
