/*---
title    = "Audits of live systems are agreed"
promise  = "Everything that was done to a live system for an audit happened within a window agreed before by somebody else, and changed nothing unless that was agreed."
why      = "A scan at the wrong hour is an outage, and one that nobody knew of is an attack."
clauses  = ["ISO/IEC 27001:2022 A.8.34", "ISO/IEC 27001:2013 A.12.7.1"]
kind     = "never"
severity = "medium"
owner    = "it-operations"
may_be_empty = "no audit need have touched a live system"
---*/
WITH held AS (
    SELECT activity.source, activity.id,
           count(w.id)                                                       AS windows,
           coalesce(bool_or(w.read_only IS FALSE), false)                    AS may_change
    FROM audit_activities AS activity
    LEFT JOIN audit_windows AS w
           ON w.source = activity.source AND w.system_id = activity.system_id
          AND w.agreed_at <= w.from_at AND w.agreed_by_id <> activity.person_id
          AND w.from_at <= activity.from_at AND w.until_at >= activity.until_at
    GROUP BY activity.source, activity.id
),
judged AS (
    SELECT activity.source, activity.id, activity.system_id, activity.from_at,
           CASE WHEN NOT coalesce(activity.from_at <= activity.until_at, false)  THEN 'undated'
                WHEN held.windows = 0                                        THEN 'outside'
                WHEN activity.read_only OR held.may_change                   THEN 'agreed'
                WHEN NOT activity.read_only                                  THEN 'changed'
                ELSE 'undated' END                                           AS finding
    FROM audit_activities AS activity
    JOIN held USING (source, id)
)
SELECT source || '/' || id                                                   AS subject,
       system_id || ', ' || coalesce(CAST(CAST(from_at AS DATE) AS TEXT), 'undated')  AS label,
       CASE WHEN finding = 'agreed'      THEN true
            WHEN finding <> 'undated'    THEN false END                      AS ok,
       CASE finding
            WHEN 'agreed'     THEN 'within an agreed window'
            WHEN 'outside'    THEN 'outside every agreed window'
            WHEN 'changed'    THEN 'changed something, which was not agreed'
            ELSE 'when it was done, or whether it changed anything, is unknown' END  AS detail
FROM judged
