/*---
title    = "Developers know the guidelines"
promise  = "Every developer acknowledged the current development guidelines, within the time set for it."
why      = "Protection by design is decided by whoever writes the first line."
clauses  = ["ISO/IEC 27001:2022 A.8.25", "ISO/IEC 27001:2022 A.8.28", "ISO/IEC 27001:2013 A.14.2.1", "GDPR 25(1)", "GDPR 25(2)"]
kind     = "deadline"
severity = "medium"
owner    = "engineering"
warn     = "7 days"
subjects = "developers"
parameters = ["guidelines_topic", "developer_roles", "commits_looked_back"]
optional = ["commits"]
---*/
WITH committers AS (
    SELECT named.mail, true AS commits
    FROM commits AS commit CROSS JOIN unnest(coalesce(commit.authors, [commit.author])) AS named(mail)
    WHERE commit.seen_at >= $as_of - $commits_looked_back
    GROUP BY named.mail
),
readers AS (
    SELECT person_id, max(name) AS name, max(started_on) AS started_on,
           list_contains($developer_roles, max(role))                       AS has_role,
           lower(max(mail))                                                  AS mail
    FROM engagements
    -- Not applicable: who left, and who has not begun.
    WHERE current IS NOT FALSE
    GROUP BY person_id
),
texts AS (
    SELECT source, id, title, version_id, published_at, acknowledge_within
    FROM policies
    WHERE topic_id = $guidelines_topic
      AND version_id IS NOT NULL
),
read AS (
    SELECT source, version_id, person_id, min(acknowledged_at) AS read_at
    FROM policy_acknowledgements
    GROUP BY source, version_id, person_id
),
judged AS (
    SELECT reader.person_id, reader.name, text.id, text.title, read.read_at,
           -- Who began later than it was published has the same time from the first day on.
           greatest(text.published_at, CAST(reader.started_on AS TIMESTAMP)) + text.acknowledge_within  AS until_at,
           CASE WHEN text.version_id IS NULL                                 THEN 'no text'
                WHEN read.read_at IS NOT NULL                                THEN 'read'
                WHEN reader.has_role IS NULL AND committer.commits IS NULL   THEN 'whether'
                WHEN reader.started_on IS NULL                               THEN 'undated'
                WHEN greatest(text.published_at, CAST(reader.started_on AS TIMESTAMP)) + text.acknowledge_within < $as_of  THEN 'missing'
                ELSE 'waiting' END                                           AS finding
    FROM readers AS reader
    LEFT JOIN committers AS committer USING (mail)
    LEFT JOIN texts AS text ON true
    LEFT JOIN read ON read.source = text.source AND read.version_id = text.version_id AND read.person_id = reader.person_id
    WHERE reader.has_role IS NOT FALSE
       OR committer.commits
)
SELECT person_id || coalesce('/' || id, '')                                  AS subject,
       coalesce(name, person_id) || coalesce(', ' || title, '')              AS label,
       CASE WHEN finding IN ('read', 'waiting')      THEN true
            WHEN finding IN ('no text', 'missing')   THEN false END          AS ok,
       CASE finding
            WHEN 'no text'   THEN 'no text on development is published'
            WHEN 'read'      THEN 'acknowledged on ' || CAST(CAST(read_at AS DATE) AS TEXT)
            WHEN 'missing'   THEN 'not acknowledged, due by ' || CAST(CAST(until_at AS DATE) AS TEXT)
            WHEN 'waiting'   THEN 'to be acknowledged by ' || CAST(CAST(until_at AS DATE) AS TEXT)
            WHEN 'whether'   THEN 'whether this person develops is unknown'
            ELSE 'the first day is unknown, and so is the due date' END            AS detail,
       CASE WHEN finding = 'waiting' THEN until_at END                       AS flips_at
FROM judged
