/*---
title    = "A data protection officer is appointed"
promise  = "Somebody who works here is data protection officer, by a letter of appointment, holds no conflicting role, and was active within the agreed interval."
why      = "An officer on paper, or one who answers for what they should watch, protects nobody."
clauses  = ["GDPR 37(1)", "GDPR 38(6)", "ISO/IEC 27001:2022 A.5.34"]
kind     = "cadence"
severity = "high"
owner    = "dpo"
warn     = "14 days"
duty     = { do = "Note what the data protection officer did", action = "governance.note-activity", every = "dpo_activity_interval" }
parameters = ["dpo_activity_interval"]
---*/
WITH running AS (
    SELECT source, id, responsibility_id, person_id, appointment, part
    FROM responsibility_holders
    WHERE from_on <= CAST($as_of AS DATE)
      AND coalesce(until_on >= CAST($as_of AS DATE), true)
),
clashes AS (
    SELECT source, 'dpo' AS responsibility_id, other AS other_id FROM responsibilities CROSS JOIN unnest(conflicts) AS named(other) WHERE id = 'dpo'
    UNION
    SELECT source, 'dpo', id FROM responsibilities WHERE list_contains(conflicts, 'dpo')
),
officers AS (
    SELECT running.source, running.responsibility_id, running.id, running.person_id, running.appointment, person.name, person.current,
           max(other.responsibility_id)                                      AS clash
    FROM running
    LEFT JOIN (
        SELECT id AS person_id, max(name) AS name, bool_or(current) AS current
        FROM engagements
        GROUP BY id
    ) AS person USING (person_id)
    LEFT JOIN clashes USING (source, responsibility_id)
    LEFT JOIN running AS other
           ON other.source = running.source AND other.person_id = running.person_id
          AND other.responsibility_id = clashes.other_id AND other.part <> 'informed'
    WHERE running.part = 'accountable'
    GROUP BY running.source, running.responsibility_id, running.id, running.person_id, running.appointment, person.name, person.current
),
active AS (
    SELECT source, responsibility_id, person_id, max(done_at) AS active_at
    FROM responsibility_activities
    GROUP BY source, responsibility_id, person_id
),
judged AS (
    SELECT role.source, role.responsibility_id, role.title, officers.id, officers.name, officers.clash, active.active_at,
           CASE WHEN officers.id IS NULL                                     THEN 'nobody'
                WHEN officers.current IS NOT TRUE                            THEN 'gone'
                WHEN officers.clash IS NOT NULL                              THEN 'clash'
                WHEN officers.appointment IS NULL                            THEN 'unappointed'
                WHEN active.active_at IS NULL                                       THEN 'idle'
                WHEN active.active_at < $as_of - $dpo_activity_interval             THEN 'late'
                ELSE 'active' END                                            AS finding
    FROM (SELECT source, id AS responsibility_id, title FROM responsibilities WHERE id = 'dpo') AS role
    LEFT JOIN officers USING (source, responsibility_id)
    LEFT JOIN active USING (source, responsibility_id, person_id)
)
SELECT source || '/' || responsibility_id || coalesce('/' || id, '')         AS subject,
       coalesce(title, responsibility_id)                                    AS label,
       finding = 'active'                                                    AS ok,
       CASE finding
            WHEN 'nobody'        THEN 'nobody holds the role'
            WHEN 'gone'          THEN 'held by who does not work here'
            WHEN 'clash'         THEN 'held by ' || coalesce(name, 'somebody') || ', who is also ' || clash
            WHEN 'unappointed'   THEN 'held by ' || coalesce(name, 'somebody') || ' without a letter of appointment'
            WHEN 'idle'          THEN 'held by ' || coalesce(name, 'somebody') || ', who noted nothing yet'
            ELSE 'held by ' || coalesce(name, 'somebody') || ', last active on ' || CAST(CAST(active_at AS DATE) AS TEXT) END  AS detail,
       active_at + $dpo_activity_interval                                           AS flips_at
FROM judged
