/*---
title    = "Policies are acknowledged"
promise  = "Everybody in a policy's audience acknowledged its current version within the time set for it."
why      = "A rule that somebody never read protects nobody, and cannot be held against them."
clauses  = ["ISO/IEC 27001:2022 A.5.1", "ISO/IEC 27001:2022 A.6.3", "ISO/IEC 27001:2013 A.5.1.1"]
kind     = "deadline"
severity = "medium"
owner    = "security-lead"
warn     = "7 days"
subjects = "policies and their readers"
---*/
WITH readers AS (
    SELECT person_id, max(name) AS name, max(role) AS role, max(started_on) AS started_on, count(current) = 0 AS undated
    FROM engagements
    -- Not applicable: who left, and who has not begun.
    WHERE current IS NOT FALSE
    GROUP BY person_id
),
departments AS (
    SELECT id AS person_id, max(department) AS department
    FROM people
    GROUP BY id
),
meant AS (
    SELECT policy.source, policy.id, policy.version_id, coalesce(policy.title, policy.id) AS title,
           reader.person_id, coalesce(reader.name, reader.person_id) AS name, reader.undated,
           -- Who began later than it was published has the same time from the first day on.
           greatest(policy.published_at, CAST(reader.started_on AS TIMESTAMP)) + policy.acknowledge_within  AS until_at,
           CASE policy.audience
                WHEN 'everyone'     THEN true
                WHEN 'role'         THEN reader.role = policy.audience_name
                WHEN 'department'   THEN department.department = policy.audience_name
                ELSE false END                                               AS is_reader
    FROM policies AS policy
    CROSS JOIN readers AS reader
    LEFT JOIN departments AS department USING (person_id)
    -- Not applicable: what was never published.
    WHERE policy.version_id IS NOT NULL
),
read AS (
    SELECT source, version_id, person_id, min(acknowledged_at) AS read_at
    FROM policy_acknowledgements
    GROUP BY source, version_id, person_id
),
judged AS (
    SELECT meant.source, meant.id, meant.person_id, meant.title, meant.name, meant.until_at, read.read_at,
           CASE WHEN read.read_at <= meant.until_at             THEN 'in time'
                WHEN read.read_at IS NOT NULL                   THEN 'late'
                WHEN meant.is_reader IS NULL                    THEN 'whether'
                WHEN meant.undated                              THEN 'undated'
                WHEN meant.until_at < $as_of                    THEN 'missing'
                ELSE 'waiting' END                                           AS finding
    FROM meant
    LEFT JOIN read USING (source, version_id, person_id)
    WHERE meant.is_reader IS NOT FALSE
)
SELECT source || '/' || id || '/' || person_id                               AS subject,
       title || ', ' || name                                                 AS label,
       CASE WHEN finding IN ('in time', 'waiting')     THEN true
            WHEN finding IN ('late', 'missing')        THEN false END        AS ok,
       CASE finding
            WHEN 'in time'   THEN 'acknowledged on ' || CAST(CAST(read_at AS DATE) AS TEXT)
            WHEN 'late'      THEN 'acknowledged on ' || CAST(CAST(read_at AS DATE) AS TEXT) || ', due by ' || CAST(CAST(until_at AS DATE) AS TEXT)
            WHEN 'whether'   THEN 'whether it is meant for this person is unknown'
            WHEN 'undated'   THEN 'the first day is unknown, and so is the due date'
            WHEN 'missing'   THEN 'not acknowledged, due by ' || CAST(CAST(until_at AS DATE) AS TEXT)
            ELSE 'to be acknowledged by ' || CAST(CAST(until_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN finding = 'waiting' THEN until_at END                       AS flips_at
FROM judged
