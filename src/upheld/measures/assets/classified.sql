/*---
title    = "Information is classified"
promise  = "Every body of information has a class that follows from law, value, criticality and sensitivity, and that was looked at within the interval."
why      = "What has no class is handled like what needs none."
clauses  = ["ISO/IEC 27001:2022 A.5.12", "ISO/IEC 27001:2013 A.8.2.1"]
kind     = "cadence"
severity = "medium"
owner    = "security-lead"
warn     = "30 days"
parameters = ["classification_interval"]
---*/
WITH judged AS (
    SELECT *, reviewed_at + $classification_interval                         AS until_at,
           CASE greatest(law, value, criticality, sensitivity)
                WHEN 1 THEN 'public' WHEN 2 THEN 'internal' WHEN 3 THEN 'confidential' WHEN 4 THEN 'strict' END  AS follows,
           concat_ws(', ', CASE WHEN law IS NULL THEN 'law' END, CASE WHEN value IS NULL THEN 'value' END,
                     CASE WHEN criticality IS NULL THEN 'criticality' END, CASE WHEN sensitivity IS NULL THEN 'sensitivity' END)  AS missing
    FROM information_assets
),
found AS (
    SELECT *,
           CASE WHEN missing <> ''                                           THEN 'unanswered'
                WHEN classification IS DISTINCT FROM follows                 THEN 'other'
                WHEN until_at >= $as_of                                      THEN 'classified'
                ELSE 'old' END                                               AS finding
    FROM judged
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       finding = 'classified'                                                AS ok,
       CASE finding
            WHEN 'classified' THEN 'is ' || classification
            WHEN 'unanswered' THEN 'was not judged by ' || missing
            WHEN 'other'      THEN 'is called ' || coalesce(classification, 'nothing') || ', and follows to be ' || coalesce(follows, 'unknown')
            ELSE coalesce('was last looked at on ' || CAST(CAST(reviewed_at AS DATE) AS TEXT), 'is to be classified anew, since it changed') END  AS detail,
       until_at                                                              AS flips_at
FROM found
