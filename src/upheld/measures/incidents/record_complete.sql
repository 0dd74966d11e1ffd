/*---
title    = "Records of incidents are complete"
promise  = "Every closed incident is recorded with its date and time, its consequences, and the measures taken against a repeat."
why      = "The supervisory authority asks for this record, and nothing else shows years later what was known and done."
clauses  = ["ISO/IEC 27001:2022 A.5.26", "ISO/IEC 27001:2022 A.5.27", "ISO/IEC 27001:2013 A.16.1.5", "GDPR 33(5)"]
kind     = "state"
severity = "high"
owner    = "dpo"
subjects = "closed incidents"
may_be_empty = "no incident was closed"
---*/
WITH told AS (
    SELECT source, id, title, closed_at,
           has_consequences IS NULL OR has_measures IS NULL                  AS untold,
           nullif(concat_ws(', ', CASE WHEN happened_at IS NULL     THEN 'when it happened' END,
                                  CASE WHEN NOT has_consequences    THEN 'what it did' END,
                                  CASE WHEN NOT has_measures        THEN 'what keeps it from coming again' END), '')  AS lacks
    FROM incidents
    -- Not applicable: what is still open.
    WHERE closed_at IS NOT NULL
),
judged AS (
    SELECT source, id, title, closed_at, lacks,
           CASE WHEN lacks IS NOT NULL   THEN 'lacking'
                WHEN NOT untold          THEN 'complete' END                 AS finding
    FROM told
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       finding = 'complete'                                                  AS ok,
       CASE finding
            WHEN 'lacking'    THEN 'does not say ' || lacks
            WHEN 'complete'   THEN 'closed on ' || CAST(CAST(closed_at AS DATE) AS TEXT)
            ELSE 'whether its record is complete is unknown' END             AS detail
FROM judged
