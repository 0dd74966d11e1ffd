-- Ways to find whose an account is, best first. The first way that finds anybody decides; if it finds two people, nobody is guessed.
WITH folded AS (
    SELECT source, id, system_id, user_name, kind, enabled, can_sign_in, created_at,
           lower(trim(person_ref)) AS person_ref,
           lower(trim(owner_ref))  AS owner_ref,
           lower(trim(mail))       AS mail,
           lower(identifier)       AS identifier,
           kind IS NULL OR kind NOT IN ('service', 'shared', 'break_glass', 'system') AS personal
    FROM accounts
),
person AS (
    SELECT person_id, name, role, started_on, ended_on, current,
           lower(id) AS id, lower(trim(mail)) AS mail, lower(trim(user_name)) AS user_name
    FROM engagements
),
found AS (
    SELECT account.source, account.id, 1 AS way, person.person_id
    FROM folded AS account JOIN person ON account.person_ref = person.id WHERE account.personal
    UNION ALL
    SELECT account.source, account.id, 1, person.person_id
    FROM folded AS account JOIN person ON account.person_ref = person.mail WHERE account.personal
    UNION ALL
    SELECT account.source, account.id, 2, person.person_id
    FROM folded AS account JOIN person ON account.mail = person.mail WHERE account.personal
    UNION ALL
    -- Many services use the address itself as the name to sign in with.
    SELECT account.source, account.id, 2, person.person_id
    FROM folded AS account JOIN person ON account.identifier = person.mail WHERE account.personal AND account.mail IS NULL
    UNION ALL
    SELECT account.source, account.id, 3, person.person_id
    FROM folded AS account JOIN person ON account.identifier = person.user_name WHERE account.personal
    UNION ALL
    SELECT account.source, account.id, 4, person.person_id
    FROM folded AS account JOIN person ON account.owner_ref = person.id
    UNION ALL
    SELECT account.source, account.id, 4, person.person_id
    FROM folded AS account JOIN person ON account.owner_ref = person.mail
    UNION ALL
    -- Who answers for a system answers for the accounts that its software brings along.
    SELECT account.source, account.id, 5, person.person_id
    FROM folded AS account
    JOIN systems AS system ON system.id = account.system_id
    JOIN person ON lower(system.owner_id) = person.id
    WHERE account.kind = 'system'
),
best AS (
    SELECT source, id, min(way) AS way FROM found GROUP BY source, id
),
people_found AS (
    SELECT best.source, best.id, best.way, found.person_id
    FROM best JOIN found ON found.source = best.source AND found.id = best.id AND found.way = best.way
    GROUP BY best.source, best.id, best.way, found.person_id
),
-- One row for each person: every engagement of somebody carries the same role, days and state.
one AS (
    SELECT person_id, min(name) AS name, min(role) AS role, min(started_on) AS started_on, min(ended_on) AS ended_on, bool_or(current) AS current
    FROM person
    GROUP BY person_id
),
decided AS (
    SELECT source, id, min(way) AS way, count(*) AS people, CASE WHEN count(*) = 1 THEN min(person_id) END AS person_id
    FROM people_found
    GROUP BY source, id
),
several AS (
    SELECT owner.source, owner.id, string_agg(one.name, ', ' ORDER BY one.name) AS name, min(one.ended_on) AS ended_on
    FROM people_found AS owner
    JOIN decided ON decided.source = owner.source AND decided.id = owner.id
    JOIN one ON one.person_id = owner.person_id
    WHERE decided.people > 1
    GROUP BY owner.source, owner.id
)
SELECT account.source,
       account.id                                                               AS account_id,
       account.system_id,
       account.user_name,
       account.user_name || ' on ' || coalesce(called.name, account.system_id)  AS label,
       account.kind,
       account.enabled,
       account.can_sign_in,
       account.created_at,
       decided.person_id,
       CASE WHEN decided.people > 1 THEN 'ambiguous'
            WHEN decided.way = 1    THEN 'person_ref'
            WHEN decided.way = 2    THEN 'mail'
            WHEN decided.way = 3    THEN 'user_name'
            WHEN decided.way = 4    THEN 'owner_ref'
            WHEN decided.way = 5    THEN 'system_owner'
            ELSE 'none' END                                                     AS matched_by,
       coalesce(one.name, several.name)                                         AS person_name,
       one.role,
       one.started_on,
       coalesce(one.ended_on, several.ended_on)                                 AS ended_on,
       one.current
FROM folded AS account
LEFT JOIN decided ON decided.source = account.source AND decided.id = account.id
LEFT JOIN one ON one.person_id = decided.person_id
LEFT JOIN several ON several.source = account.source AND several.id = account.id
LEFT JOIN (SELECT id, min(name) AS name FROM systems GROUP BY id) AS called ON called.id = account.system_id
