-- HR lists differ in how they tell that somebody left: some give a last day, some just drop the row.
-- And somebody who comes back gets a new number, which must not make two people of one.
WITH listed AS (
    SELECT source, id, name, mail, user_name, role, started_on, ended_on
    FROM people
    UNION ALL
    -- A number that a complete list no longer has: the engagement ended by the day the row was missed, if not before.
    SELECT was.source, was.id, was.name, was.mail, was.user_name, was.role, was.started_on,
           least(was.ended_on, CAST(was.seen_until_at AS DATE))
    FROM (
        SELECT *, row_number() OVER (PARTITION BY source, id ORDER BY seen_from_at DESC) AS age
        FROM history.people
    ) AS was
    WHERE was.age = 1
      AND was.seen_until_at IS NOT NULL
      AND was.ended IN ('vanished', 'deleted')
      AND NOT EXISTS (SELECT 1 FROM people AS still WHERE still.source = was.source AND still.id = was.id)
),
engaged AS (
    SELECT *,
           -- Same name and same address: one person with two numbers. With either unknown nobody can say so.
           coalesce(lower(trim(name)) || ' <' || lower(mail) || '>', source || '/' || id) AS who,
           CASE WHEN ended_on < CAST($as_of AS DATE) THEN false
                ELSE started_on <= CAST($as_of AS DATE) END                               AS now
    FROM listed
),
ranked AS (
    SELECT *,
           row_number() OVER (
               PARTITION BY who
               ORDER BY CASE WHEN now THEN 0 WHEN now IS NULL THEN 1 WHEN ended_on < CAST($as_of AS DATE) THEN 2 ELSE 3 END,
                        ended_on DESC NULLS FIRST, started_on DESC NULLS LAST, source, id
           ) AS place
    FROM engaged
),
-- A number that two lists use for two people names neither of them.
doubled AS (
    SELECT id FROM ranked GROUP BY id HAVING count(DISTINCT who) > 1
)
SELECT each.source,
       each.id,
       CASE WHEN doubled.id IS NULL THEN main.id ELSE main.source || ':' || main.id END AS person_id,
       each.name,
       each.mail,
       each.user_name,
       main.role,
       main.started_on,
       main.ended_on,
       main.now                                                                          AS current
FROM ranked AS each
JOIN ranked AS main ON main.who = each.who AND main.place = 1
LEFT JOIN doubled ON doubled.id = main.id
