/*---
title    = "Events are decided about"
promise  = "Every reported event is assessed within the window set for that, and the decision whether it is an incident has a reason."
why      = "A report that nobody looks at teaches people not to report."
clauses  = ["ISO/IEC 27001:2022 A.5.25", "ISO/IEC 27001:2013 A.16.1.4"]
kind     = "deadline"
severity = "high"
owner    = "security-lead"
warn     = "12 hours"
subjects = "reported events"
may_be_empty = "nothing was reported that had to be decided about"
parameters = ["triage_window", "looked_back"]
---*/
WITH judged AS (
    SELECT source, id, kind, reported_at, decision, decided_at, reported_at + $triage_window AS by_at,
           CASE WHEN decided_at > reported_at + $triage_window    THEN 'late'
                WHEN decided_at IS NOT NULL AND decision IS NULL  THEN 'undecided'
                WHEN decided_at IS NOT NULL AND NOT has_reason    THEN 'unreasoned'
                WHEN decided_at <= reported_at + $triage_window AND has_reason  THEN 'in time'
                WHEN decided_at IS NULL AND reported_at + $triage_window < $as_of   THEN 'missing'
                WHEN decided_at IS NULL AND reported_at + $triage_window >= $as_of  THEN 'waiting' END  AS finding
    FROM security_events
    -- Not applicable: what was decided about long ago.
    WHERE decided_at IS NULL OR coalesce(reported_at >= $as_of - $looked_back, true)
)
SELECT source || '/' || id                                                   AS subject,
       CASE WHEN kind = 'weakness' THEN 'Weakness ' ELSE 'Event ' END || id  AS label,
       CASE WHEN finding IN ('in time', 'waiting')                           THEN true
            WHEN finding IN ('late', 'undecided', 'unreasoned', 'missing')   THEN false END  AS ok,
       CASE finding
            WHEN 'in time'      THEN 'decided at ' || strftime(decided_at, '%Y-%m-%d %H:%M') || ': ' || decision
            WHEN 'late'         THEN 'decided at ' || strftime(decided_at, '%Y-%m-%d %H:%M') || ', due by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            WHEN 'undecided'    THEN 'looked at, and nothing was decided'
            WHEN 'unreasoned'   THEN 'decided without a reason: ' || decision
            WHEN 'missing'      THEN 'not decided about, due by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            WHEN 'waiting'      THEN 'to be decided about by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            ELSE 'when it was reported, or whether the decision has a reason, is unknown' END  AS detail,
       CASE WHEN finding = 'waiting' THEN by_at END                          AS flips_at
FROM judged
