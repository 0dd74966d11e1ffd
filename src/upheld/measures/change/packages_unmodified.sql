/*---
title    = "Vendors' packages are unmodified"
promise  = "No file of an installed package differs from what its vendor shipped, unless the deviation was approved."
why      = "A file that silently differs is either an undocumented change or an intruder's."
clauses  = ["ISO/IEC 27001:2022 A.8.32", "ISO/IEC 27001:2022 A.8.19", "ISO/IEC 27001:2013 A.14.2.4", "ISO/IEC 27001:2013 A.12.5.1"]
kind     = "state"
severity = "high"
owner    = "it-operations"
warn     = "14 days"
optional = ["approved_deviations", "systems"]
---*/
WITH approved AS (
    SELECT deviation.source, deviation.id,
           max(coalesce(register.until_on, DATE '9999-01-01'))               AS until_on
    FROM package_deviations AS deviation
    JOIN approved_deviations AS register
      ON register.system_id IN (deviation.system_id, '*')
         -- An approval is for a file, or for everything in a folder when it ends with a slash.
     AND starts_with(deviation.path, register.path)
     AND (register.path = deviation.path OR register.path LIKE '%/')
    WHERE register.approved_by IS NOT NULL
    GROUP BY deviation.source, deviation.id
),
deviations AS (
    SELECT deviation.source, deviation.system_id, deviation.package_id, deviation.path, deviation.what,
           approved.until_on,
           CASE WHEN approved.until_on >= CAST($as_of AS DATE)      THEN 'approved'
                WHEN deviation.is_configuration IS NULL             THEN 'unknown'
                ELSE 'unapproved' END                                        AS finding
    FROM package_deviations AS deviation
    LEFT JOIN approved USING (source, id)
    -- Not applicable: configuration files are there to be edited.
    WHERE deviation.is_configuration IS NOT TRUE
),
by_package AS (
    SELECT source, package_id AS id,
           bool_or(finding = 'unapproved')                                   AS changed,
           bool_or(finding = 'unknown')                                      AS perhaps,
           min(until_on)                                                     AS until_on
    FROM deviations
    GROUP BY source, package_id
),
-- The first three files are named; a package can deviate in thousands.
numbered AS (
    SELECT source, package_id AS id,
           path || ' is ' || what                                            AS said,
           row_number() OVER (PARTITION BY source, package_id ORDER BY path) AS place
    FROM deviations
    WHERE finding <> 'approved'
),
named AS (
    SELECT source, id,
           string_agg(said, ', ' ORDER BY place) FILTER (WHERE place <= 3)
           || CASE WHEN count(*) > 3 THEN ' and ' || CAST(count(*) - 3 AS TEXT) || ' more' ELSE '' END  AS paths
    FROM numbered
    GROUP BY source, id
),
found AS (
    SELECT package.source || '/' || package.id                               AS subject,
           package.name                                                      AS what,
           package.system_id,
           CASE WHEN found.changed        THEN false
                WHEN found.perhaps        THEN NULL
                WHEN package.verified     THEN true END                      AS ok,
           coalesce(named.paths,
                    CASE package.verified WHEN true THEN 'is as its vendor shipped it, or deviates as approved'
                         ELSE 'its files were not compared with the vendor''s' END)  AS detail,
           found.until_on
    FROM packages AS package
    LEFT JOIN by_package AS found USING (source, id)
    LEFT JOIN named USING (source, id)
    UNION ALL
    -- A deviating file of a package that is not on the list.
    SELECT deviation.source || '/' || deviation.system_id || '/' || deviation.path,
           deviation.path,
           deviation.system_id,
           CASE WHEN deviation.finding = 'approved'    THEN true
                WHEN deviation.finding = 'unapproved'  THEN false END,
           'is ' || deviation.what,
           deviation.until_on
    FROM deviations AS deviation
    LEFT JOIN packages AS package ON package.source = deviation.source AND package.id = deviation.package_id
    WHERE package.id IS NULL
)
SELECT found.subject                                                         AS subject,
       found.what || ' on ' || coalesce(system.name, found.system_id)        AS label,
       found.ok                                                              AS ok,
       found.detail                                                          AS detail,
       CAST(nullif(found.until_on, DATE '9999-01-01') AS TIMESTAMP) + INTERVAL 1 DAY  AS flips_at
FROM found
LEFT JOIN systems AS system ON system.id = found.system_id
