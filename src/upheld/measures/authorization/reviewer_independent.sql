/*---
title    = "Nobody reviews their own access"
promise  = "In every review of rights somebody else decided about each person's access."
why      = "Whoever decides about their own access keeps it."
clauses  = ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2022 A.5.3", "ISO/IEC 27001:2013 A.9.2.5", "ISO/IEC 27001:2013 A.6.1.2"]
kind     = "never"
severity = "high"
owner    = "security-lead"
subjects = "decided items of reviews"
may_be_empty = "No review has decided anything."
---*/
WITH numbers AS (
    SELECT id, min(person_id) AS person_id FROM engagements GROUP BY id
),
judged AS (
    SELECT item.source, item.id, item.system_id, item.entitlement, item.account_id,
           CASE WHEN item.decided_by_id IS NULL                               THEN 'by whom'
                WHEN item.person_id = item.decided_by_id                      THEN 'own'
                WHEN whose.person_id = decider.person_id                      THEN 'own'
                ELSE 'others' END                                            AS finding
    FROM review_items AS item
    LEFT JOIN numbers AS whose ON whose.id = item.person_id
    LEFT JOIN numbers AS decider ON decider.id = item.decided_by_id
    WHERE item.decision IS NOT NULL
)
SELECT source || '/' || id                                                   AS subject,
       account_id || ' on ' || system_id || coalesce(': ' || nullif(entitlement, ''), '')  AS label,
       CASE finding WHEN 'others' THEN true WHEN 'own' THEN false END        AS ok,
       CASE finding
            WHEN 'own'      THEN 'was decided by whose access it is'
            WHEN 'by whom'  THEN 'who decided is unknown'
            ELSE 'was decided by somebody else' END                          AS detail
FROM judged
