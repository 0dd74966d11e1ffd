/*---
title    = "Backups lie where it was promised"
promise  = "Every backup lies in a promised region, and was made by a schedule, never by hand."
why      = "Whoever promises a region promises it for the copies too, and what is made by hand is forgotten."
clauses  = ["ISO/IEC 27001:2022 A.8.13", "ISO/IEC 27001:2022 A.5.23", "GDPR 28(3)(a)"]
kind     = "never"
severity = "high"
owner    = "it-operations"
parameters = ["backup_regions"]
---*/
WITH judged AS (
    SELECT source, id, system_id, repository, region, finished_at,
           CASE WHEN NOT list_contains($backup_regions, region)              THEN 'elsewhere'
                WHEN NOT automatic                                           THEN 'by hand'
                WHEN region IS NULL                                          THEN 'where'
                WHEN automatic IS NULL                                       THEN 'how'
                ELSE 'as promised' END                                       AS finding
    FROM backups
)
SELECT source || '/' || id                                                   AS subject,
       system_id || coalesce(' of ' || CAST(CAST(finished_at AS DATE) AS TEXT), '') || ' in ' || repository  AS label,
       CASE WHEN finding = 'as promised'                   THEN true
            WHEN finding IN ('elsewhere', 'by hand')       THEN false END    AS ok,
       CASE finding
            WHEN 'as promised'  THEN 'lies in ' || region
            WHEN 'elsewhere'    THEN 'lies in ' || region || ', which was not promised'
            WHEN 'by hand'      THEN 'was made by hand'
            WHEN 'where'        THEN 'where it lies is unknown'
            ELSE 'whether a schedule made it is unknown' END                 AS detail
FROM judged
