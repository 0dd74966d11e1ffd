/*---
title    = "Vendors' packages are unmodified"
promise  = "No file of an installed package differs from what its vendor shipped, unless the deviation was approved."
why      = "A file that silently differs is either an undocumented change or an intruder's."
clauses  = ["ISO/IEC 27001:2022 A.8.32", "ISO/IEC 27001:2022 A.8.19", "ISO/IEC 27001:2013 A.14.2.4", "ISO/IEC 27001:2013 A.12.5.1"]
kind     = "state"
severity = "high"
owner    = "it-operations"
warn     = "14 days"
---*/
WITH approved AS (
    SELECT deviation.source, deviation.id,
           max(coalesce(register.until_on, DATE '9999-12-31'))               AS until_on
    FROM package_deviations AS deviation
    JOIN approved_deviations AS register ON register.system_id IN (deviation.system_id, '*')
         -- An approval is for a file, or for everything in a folder when it ends with a slash.
     AND (register.path = deviation.path OR (register.path LIKE '%/' AND starts_with(deviation.path, register.path)))
    WHERE register.approved_by IS NOT NULL
    GROUP BY deviation.source, deviation.id
),
deviations AS (
    SELECT deviation.source, deviation.system_id, deviation.package_id, deviation.path, deviation.what, deviation.is_configuration,
           approved.until_on,
           coalesce(approved.until_on >= CAST($as_of AS DATE), false)        AS allowed
    FROM package_deviations AS deviation
    LEFT JOIN approved ON approved.source = deviation.source AND approved.id = deviation.id
    -- Not applicable: configuration files are there to be edited.
    WHERE deviation.is_configuration IS NOT TRUE
),
by_package AS (
    SELECT source, package_id,
           bool_or(NOT allowed AND is_configuration IS FALSE)                AS surely,
           bool_or(NOT allowed)                                              AS perhaps,
           min(until_on) FILTER (WHERE allowed)                              AS until_on,
           string_agg(path || ' is ' || what, ', ' ORDER BY path) FILTER (WHERE NOT allowed)  AS paths
    FROM deviations
    WHERE package_id IS NOT NULL
    GROUP BY source, package_id
)
SELECT package.source || '/' || package.id                                                AS subject,
       package.name || ' on ' || coalesce(system.name, package.system_id)                 AS label,
       CASE WHEN found.surely                  THEN false
            WHEN found.perhaps                 THEN NULL
            WHEN package.verified              THEN true END                              AS ok,
       CASE WHEN found.perhaps                 THEN found.paths
            WHEN package.verified IS NOT TRUE  THEN 'its files were not compared with the vendor''s'
            WHEN found.until_on IS NOT NULL    THEN 'deviates only as approved'
            ELSE 'is as its vendor shipped it' END                                        AS detail,
       CASE WHEN package.verified AND coalesce(NOT found.perhaps, true) AND found.until_on < DATE '9999-12-31'
                THEN CAST(found.until_on AS TIMESTAMP) + INTERVAL 1 DAY END               AS flips_at
FROM packages AS package
LEFT JOIN by_package AS found ON found.source = package.source AND found.package_id = package.id
LEFT JOIN systems AS system ON system.id = package.system_id
UNION ALL
-- A deviating file whose package nobody could name, or whose package is gone from the list.
SELECT deviation.source || '/' || deviation.system_id || '/' || deviation.path,
       deviation.path || ' on ' || coalesce(system.name, deviation.system_id),
       CASE WHEN deviation.allowed THEN true WHEN deviation.is_configuration IS FALSE THEN false END,
       'is ' || deviation.what || CASE WHEN deviation.allowed THEN ', as approved' ELSE '' END,
       CASE WHEN deviation.allowed AND deviation.until_on < DATE '9999-12-31' THEN CAST(deviation.until_on AS TIMESTAMP) + INTERVAL 1 DAY END
FROM deviations AS deviation
LEFT JOIN packages AS package ON package.source = deviation.source AND package.id = deviation.package_id
LEFT JOIN systems AS system ON system.id = deviation.system_id
WHERE package.id IS NULL
