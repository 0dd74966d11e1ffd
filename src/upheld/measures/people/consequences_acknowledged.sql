/*---
title    = "Everybody knows the consequences"
promise  = "Everybody who works here acknowledged the current text that says what follows from not complying, within the time set for it."
why      = "What nobody was told beforehand cannot be held against them afterwards."
clauses  = ["ISO/IEC 27001:2022 A.6.4", "ISO/IEC 27001:2013 A.7.2.3"]
kind     = "deadline"
severity = "medium"
owner    = "people"
warn     = "7 days"
subjects = "people"
parameters = ["consequences_topic"]
---*/
WITH readers AS (
    SELECT person_id, max(name) AS name, max(started_on) AS started_on
    FROM engagements
    -- Not applicable: who left, and who has not begun.
    WHERE current IS NOT FALSE
    GROUP BY person_id
),
texts AS (
    SELECT source, id, title, version_id, published_at, acknowledge_within
    FROM policies
    WHERE topic_id = $consequences_topic
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
                WHEN reader.started_on IS NULL                               THEN 'undated'
                WHEN greatest(text.published_at, CAST(reader.started_on AS TIMESTAMP)) + text.acknowledge_within < $as_of  THEN 'missing'
                ELSE 'waiting' END                                           AS finding
    FROM readers AS reader
    LEFT JOIN texts AS text ON true
    LEFT JOIN read ON read.source = text.source AND read.version_id = text.version_id AND read.person_id = reader.person_id
)
SELECT person_id || coalesce('/' || id, '')                                  AS subject,
       coalesce(name, person_id) || coalesce(', ' || title, '')              AS label,
       CASE WHEN finding IN ('read', 'waiting')      THEN true
            WHEN finding IN ('no text', 'missing')   THEN false END          AS ok,
       CASE finding
            WHEN 'no text'   THEN 'no text on the consequences is published'
            WHEN 'read'      THEN 'acknowledged on ' || CAST(CAST(read_at AS DATE) AS TEXT)
            WHEN 'missing'   THEN 'not acknowledged, due by ' || CAST(CAST(until_at AS DATE) AS TEXT)
            WHEN 'waiting'   THEN 'to be acknowledged by ' || CAST(CAST(until_at AS DATE) AS TEXT)
            ELSE 'the first day is unknown, and so is the due date' END            AS detail,
       CASE WHEN finding = 'waiting' THEN until_at END                       AS flips_at
FROM judged
