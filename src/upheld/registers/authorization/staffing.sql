-- Who joins, changed jobs or leaves about now, as the lists of people tell. Read by looking.py.
WITH one AS (
    SELECT person_id, min(started_on) AS started_on, max(ended_on) AS ended_on, max(role) AS role, bool_or(current) AS current
    FROM engagements
    GROUP BY person_id
),
moved AS (
    SELECT person.person_id, max_by(was.role, was.seen_until_at) AS former_role, max(was.seen_until_at) AS moved_at
    FROM history.people AS was
    JOIN engagements AS person ON person.source = was.source AND person.id = was.id
    WHERE was.role <> person.role AND was.ended = 'changed'
    GROUP BY person.person_id
)
SELECT 'leaver' AS kind, person_id, ended_on AS due_on, '' AS former_role FROM one
WHERE ended_on BETWEEN CAST($now AS DATE) - INTERVAL 366 DAY AND CAST($now AS DATE) + INTERVAL 31 DAY
UNION ALL
SELECT 'joiner', person_id, started_on, '' FROM one
WHERE started_on BETWEEN CAST($now AS DATE) - INTERVAL 14 DAY AND CAST($now AS DATE) + INTERVAL 14 DAY
UNION ALL
SELECT 'mover', one.person_id, CAST(moved.moved_at AS DATE), moved.former_role FROM one JOIN moved USING (person_id)
WHERE moved.moved_at >= $now - INTERVAL 31 DAY AND one.current IS NOT FALSE
