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
-- All that somebody may be told by.
word AS (
    SELECT 'number or mail' AS kind, id AS word, person_id FROM person
    UNION
    SELECT 'number or mail', mail, person_id FROM person
    UNION
    SELECT 'mail', mail, person_id FROM person
    UNION
    SELECT 'user name', user_name, person_id FROM person
    UNION
    -- Who answers for a system answers for the accounts that its software brings along.
    SELECT 'system', system.id, person.person_id FROM systems AS system JOIN person ON lower(system.owner_id) = person.id
),
-- One row for each person: every engagement of somebody carries the same role, days and state.
one AS (
    SELECT person_id, min(name) AS name, min(role) AS role, min(started_on) AS started_on, min(ended_on) AS ended_on, bool_or(current) AS current
    FROM person
    GROUP BY person_id
),
counted AS (
    SELECT kind, word, count(*) AS people, CASE WHEN count(*) = 1 THEN min(person_id) END AS person_id
    FROM word
    WHERE word IS NOT NULL
    GROUP BY kind, word
),
several AS (
    SELECT word.kind, word.word, string_agg(one.name, ', ' ORDER BY one.name) AS name, min(one.ended_on) AS ended_on
    FROM counted
    JOIN word ON word.kind = counted.kind AND word.word = counted.word
    JOIN one ON one.person_id = word.person_id
    WHERE counted.people > 1
    GROUP BY word.kind, word.word
),
told AS (
    SELECT counted.kind, counted.word, counted.people, one.person_id, coalesce(one.name, several.name) AS name, one.role, one.started_on,
           coalesce(one.ended_on, several.ended_on) AS ended_on, one.current
    FROM counted
    LEFT JOIN one ON one.person_id = counted.person_id
    LEFT JOIN several ON several.kind = counted.kind AND several.word = counted.word
),
found AS (
    SELECT account.*, coalesce(called.name, account.system_id) AS system_name,
           CASE WHEN by_ref.word IS NOT NULL       THEN 1
                WHEN by_mail.word IS NOT NULL      THEN 2
                WHEN by_name.word IS NOT NULL      THEN 3
                WHEN by_owner.word IS NOT NULL     THEN 4
                WHEN by_system.word IS NOT NULL    THEN 5 END  AS way,
           coalesce(by_ref.kind, by_mail.kind, by_name.kind, by_owner.kind, by_system.kind)  AS by_kind,
           coalesce(by_ref.word, by_mail.word, by_name.word, by_owner.word, by_system.word)  AS by_word
    FROM folded AS account
    LEFT JOIN counted AS by_ref   ON by_ref.kind = 'number or mail' AND by_ref.word = CASE WHEN account.personal THEN account.person_ref END
    -- Many services use the address itself as the name to sign in with.
    LEFT JOIN counted AS by_mail
           ON by_mail.kind = 'mail' AND by_mail.word = CASE WHEN account.personal THEN coalesce(account.mail, account.identifier) END
    LEFT JOIN counted AS by_name  ON by_name.kind = 'user name' AND by_name.word = CASE WHEN account.personal THEN account.identifier END
    LEFT JOIN counted AS by_owner ON by_owner.kind = 'number or mail' AND by_owner.word = account.owner_ref
    LEFT JOIN counted AS by_system
           ON by_system.kind = 'system' AND by_system.word = CASE WHEN account.kind = 'system' THEN account.system_id END
    LEFT JOIN (SELECT id, min(name) AS name FROM systems GROUP BY id) AS called ON called.id = account.system_id
)
SELECT found.source,
       found.id                                                                 AS account_id,
       found.system_id,
       found.user_name,
       found.user_name || ' on ' || found.system_name                           AS label,
       found.kind,
       found.enabled,
       found.can_sign_in,
       found.created_at,
       told.person_id,
       CASE WHEN told.people > 1  THEN 'ambiguous'
            WHEN found.way = 1    THEN 'person_ref'
            WHEN found.way = 2    THEN 'mail'
            WHEN found.way = 3    THEN 'user_name'
            WHEN found.way = 4    THEN 'owner_ref'
            WHEN found.way = 5    THEN 'system_owner'
            ELSE 'none' END                                                     AS matched_by,
       told.name                                                                AS person_name,
       told.role,
       told.started_on,
       told.ended_on,
       told.current
FROM found
LEFT JOIN told ON told.kind = found.by_kind AND told.word = found.by_word
