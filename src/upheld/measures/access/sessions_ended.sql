/*---
title    = "Sessions end when people leave"
promise  = "No session in which a person works stays open and unlocked once that person has left the building, or longer than the idle limit."
why      = "An open session at an empty desk is whoever sits down."
clauses  = ["ISO/IEC 27001:2022 A.8.1", "ISO/IEC 27001:2022 A.7.7", "ISO/IEC 27001:2013 A.11.2.8", "GDPR 32(1)(b)"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
warn     = "10 minutes"
parameters = ["session_idle_limit", "session_left_window"]
optional = ["badge_entries", "badges", "systems"]
may_be_empty = "Nobody works in a session now."
---*/
WITH passed AS (
    SELECT coalesce(entry.person_id, badge.person_id) AS person_number, entry.entered_at, entry.leaves
    FROM badge_entries AS entry
    LEFT JOIN badges AS badge ON badge.number = entry.badge AND badge.returned_at IS NULL
),
-- Who went out last and did not come back in.
outside AS (
    SELECT person.person_id, max(passed.entered_at) AS out_at
    FROM passed
    JOIN engagements AS person ON person.id = passed.person_number
    GROUP BY person.person_id
    HAVING max(passed.entered_at) FILTER (WHERE passed.leaves) = max(passed.entered_at)
),
judged AS (
    SELECT session.source, session.id, session.identifier, session.system_id, session.active_at, outside.out_at,
           least(session.active_at + $session_idle_limit, outside.out_at + $session_left_window)  AS ends_at,
           CASE WHEN session.locked                                               THEN 'locked'
                WHEN outside.out_at + $session_left_window < $as_of               THEN 'left'
                WHEN session.active_at + $session_idle_limit < $as_of             THEN 'idle'
                WHEN session.active_at IS NULL                                    THEN 'untold'
                ELSE 'in use' END                                            AS finding,
           session.interactive AND NOT session.locked                        AS certain
    FROM sessions AS session
    LEFT JOIN account_owners AS owner ON owner.source = session.source AND owner.account_id = session.account_id
    -- Whoever works from afar is not in the building anyway.
    LEFT JOIN outside ON outside.person_id = owner.person_id AND session.remote IS NOT TRUE
    -- Not applicable: sessions of programs.
    WHERE session.interactive IS NOT FALSE
)
SELECT source || '/' || id                                                   AS subject,
       identifier || ' on ' || system_id                                     AS label,
       CASE WHEN finding IN ('locked', 'in use')              THEN true
            WHEN finding IN ('left', 'idle') AND certain      THEN false END AS ok,
       CASE finding
            WHEN 'locked'  THEN 'is locked'
            WHEN 'left'    THEN 'is open, though its person left at ' || strftime(out_at, '%Y-%m-%d %H:%M')
            WHEN 'idle'    THEN 'is open, and nothing was done in it since ' || strftime(active_at, '%Y-%m-%d %H:%M')
            WHEN 'untold'  THEN 'when something was last done in it is unknown'
            ELSE 'is in use' END                                             AS detail,
       CASE finding WHEN 'in use' THEN ends_at END                           AS flips_at
FROM judged
