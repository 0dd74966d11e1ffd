/*---
title    = "Changes of suppliers are assessed before they hold"
promise  = "Before a change to what a supplier does for us took effect, its risk was assessed anew and somebody else decided about it."
why      = "Another hall, another owner, another country: what was approved was the service before."
clauses  = ["ISO/IEC 27001:2022 A.5.22", "ISO/IEC 27001:2013 A.15.2.2"]
kind     = "deadline"
severity = "medium"
owner    = "security-lead"
warn     = "14 days"
may_be_empty = "suppliers need not change anything"
subjects = "changes of suppliers"
---*/
WITH judged AS (
    SELECT change.source, change.id, change.takes_effect_at, change.reassessed_at, change.decided_at, change.decision,
           coalesce(supplier.title, change.supplier_id) || ': ' || coalesce(change.what, change.id)  AS label,
           coalesce(change.decided_by_id <> change.reassessed_by_id, false)  AS apart
    FROM supplier_changes AS change
    LEFT JOIN suppliers AS supplier ON supplier.source = change.source AND supplier.id = change.supplier_id
),
told AS (
    SELECT *, coalesce(reassessed_at <= decided_at AND decided_at <= takes_effect_at AND apart, false)  AS in_time
    FROM judged
)
SELECT source || '/' || id                                                   AS subject,
       label,
       -- Until it takes effect there is time.
       in_time OR takes_effect_at > $as_of                                   AS ok,
       CASE WHEN takes_effect_at IS NULL       THEN 'nobody knows when it takes effect'
            WHEN reassessed_at IS NULL         THEN 'its risk was not assessed anew'
            WHEN decided_at IS NULL            THEN 'assessed, and nobody decided about it'
            WHEN NOT apart                     THEN 'decided by whoever assessed it'
            WHEN decided_at < reassessed_at    THEN 'decided before it was assessed'
            WHEN in_time                       THEN coalesce(decision, 'decided') || ', on ' || CAST(CAST(decided_at AS DATE) AS TEXT)
            ELSE 'decided after it took effect' END                          AS detail,
       CASE WHEN NOT in_time THEN takes_effect_at END                        AS flips_at
FROM told
