/*---
title    = "Weaknesses are triaged, and their reporters told"
promise  = "Every reported weakness is triaged within the window set for that, and whoever reported it is told what came of it."
why      = "Who is not answered reports the next weakness to somebody else."
clauses  = ["ISO/IEC 27001:2022 A.6.8", "ISO/IEC 27001:2013 A.16.1.3"]
kind     = "deadline"
severity = "medium"
owner    = "security-lead"
warn     = "12 hours"
subjects = "reported weaknesses"
may_be_empty = "no weakness was reported"
parameters = ["triage_window", "answer_window", "looked_back"]
---*/
WITH judged AS (
    SELECT source, id, decided_at, told_at,
           coalesce(decided_at + $answer_window, reported_at + $triage_window)  AS by_at,
           CASE WHEN decided_at > reported_at + $triage_window                       THEN 'triaged late'
                WHEN decided_at IS NULL AND reported_at + $triage_window < $as_of    THEN 'untriaged'
                WHEN decided_at IS NULL                                              THEN 'to be triaged'
                WHEN NOT can_be_told                                                 THEN 'anonymous'
                WHEN told_at > decided_at + $answer_window                           THEN 'told late'
                WHEN told_at IS NOT NULL                                             THEN 'told'
                WHEN can_be_told AND decided_at + $answer_window < $as_of            THEN 'untold'
                WHEN can_be_told                                                     THEN 'to be told' END  AS finding,
           reported_at IS NULL                                               AS undated
    FROM security_events
    WHERE kind = 'weakness'
      -- Not applicable: what was decided about long ago.
      AND (decided_at IS NULL OR coalesce(reported_at >= $as_of - $looked_back, true))
)
SELECT source || '/' || id                                                   AS subject,
       'Weakness ' || id                                                     AS label,
       CASE WHEN finding IN ('triaged late', 'untriaged', 'told late', 'untold')               THEN false
            WHEN finding IN ('to be triaged', 'anonymous', 'told', 'to be told') AND NOT undated  THEN true END  AS ok,
       CASE finding
            WHEN 'triaged late'    THEN 'triaged late, at ' || strftime(decided_at, '%Y-%m-%d %H:%M')
            WHEN 'untriaged'       THEN 'not triaged, due by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            WHEN 'to be triaged'   THEN 'to be triaged by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            WHEN 'anonymous'       THEN 'triaged; nobody left word whom to tell'
            WHEN 'told late'       THEN 'whoever reported it was told late, at ' || strftime(told_at, '%Y-%m-%d %H:%M')
            WHEN 'told'            THEN 'triaged, and whoever reported it told'
            WHEN 'untold'          THEN 'whoever reported it was not told, due by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            WHEN 'to be told'      THEN 'whoever reported it is to be told by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            ELSE 'when it was reported, or whether its reporter can be told, is unknown' END  AS detail,
       CASE WHEN finding IN ('to be triaged', 'to be told') THEN by_at END   AS flips_at
FROM judged
