-- A life ends when the account is missed by a complete collection: what comes back later under the same name may be somebody else.
WITH lived AS (
    SELECT source, id, system_id, identifier, uid_number, kind, seen_from_at,
           lower(trim(person_ref)) AS person_ref,
           lower(trim(mail))       AS mail,
           1 + count(*) FILTER (WHERE ended IN ('vanished', 'deleted')) OVER (
               PARTITION BY source, id ORDER BY seen_from_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           )                                                                              AS life
    FROM history.accounts
),
-- What changed in nothing that is asked here is one row: since when is all that counts.
was AS (
    SELECT source, id, system_id, identifier, uid_number, kind, person_ref, mail, life, min(seen_from_at) AS seen_from_at
    FROM lived
    GROUP BY source, id, system_id, identifier, uid_number, kind, person_ref, mail, life
),
-- Numbers and addresses by which HR knows people; what fits two people names neither.
known AS (
    SELECT word, CASE WHEN count(DISTINCT person_id) = 1 THEN min(person_id) END AS person_id
    FROM (
        SELECT lower(id) AS word, person_id FROM engagements
        UNION ALL
        SELECT lower(trim(mail)), person_id FROM engagements
    ) AS each
    GROUP BY word
),
addresses AS (
    SELECT lower(trim(mail)) AS word, CASE WHEN count(DISTINCT person_id) = 1 THEN min(person_id) END AS person_id
    FROM engagements
    GROUP BY lower(trim(mail))
),
-- Who the system said it belonged to then. The log-on name is no witness here: it is what may have been given to somebody else.
held AS (
    SELECT was.*,
           CASE WHEN was.kind IN ('service', 'shared', 'break_glass', 'system') THEN 'account ' || was.id
                WHEN was.person_ref IS NOT NULL                                  THEN known.person_id
                ELSE addresses.person_id END AS holder
    FROM was
    LEFT JOIN known ON known.word = was.person_ref
    LEFT JOIN addresses ON addresses.word = was.mail
),
words AS (
    SELECT source, system_id, 'name' AS word, identifier, id, holder, life, seen_from_at FROM held
    UNION ALL
    SELECT source, system_id, 'number', CAST(uid_number AS VARCHAR), id, holder, life, seen_from_at FROM held WHERE uid_number IS NOT NULL
),
names AS (
    SELECT person_id, min(name) AS name FROM engagements GROUP BY person_id
)
SELECT words.source,
       words.system_id,
       words.word,
       words.identifier,
       words.id                      AS account_id,
       words.life,
       min(words.seen_from_at)       AS from_at,
       coalesce(words.holder, '?')   AS holder_key,
       words.holder,
       min(names.name)               AS holder_name
FROM words
LEFT JOIN names ON names.person_id = words.holder
GROUP BY words.source, words.system_id, words.word, words.identifier, words.id, words.holder, words.life
