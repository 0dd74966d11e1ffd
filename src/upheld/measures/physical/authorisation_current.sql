/*---
title    = "Authorisations for zones are current"
promise  = "No authorisation for a zone that stands still has run out, or belongs to somebody who does not work here."
why      = "What nobody withdraws goes on opening doors."
clauses  = ["ISO/IEC 27001:2022 A.7.2", "ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.11.1.2"]
kind     = "state"
severity = "high"
owner    = "facilities"
warn     = "7 days"
---*/
WITH person AS (
    SELECT id AS person_id, max(name) AS name, count(current) = 0 AS undated, max(ended_on) AS ended_on, true AS known
    FROM engagements
    GROUP BY id
),
judged AS (
    SELECT authorisation.source, authorisation.id, authorisation.zone_id, authorisation.until_on, person.ended_on,
           coalesce(person.name, authorisation.person_id)                    AS name,
           CASE WHEN authorisation.until_on < CAST($as_of AS DATE)           THEN 'run out'
                WHEN person.ended_on < CAST($as_of AS DATE)                  THEN 'left'
                WHEN person.known IS NULL                                    THEN 'stranger'
                WHEN person.undated                                          THEN 'undated'
                ELSE 'current' END                                           AS finding
    FROM zone_authorisations AS authorisation
    LEFT JOIN person USING (person_id)
    -- Not applicable: what was withdrawn.
    WHERE authorisation.withdrawn_at IS NULL
)
SELECT source || '/' || id                                                   AS subject,
       name || ' for ' || zone_id                                            AS label,
       CASE WHEN finding = 'current'    THEN true
            WHEN finding <> 'undated'   THEN false END                       AS ok,
       CASE finding
            WHEN 'run out'  THEN 'ran out on ' || CAST(until_on AS TEXT) || ' and was not withdrawn'
            WHEN 'left'     THEN 'left on ' || CAST(ended_on AS TEXT) || ', and is authorised still'
            WHEN 'stranger' THEN 'no list of people knows them'
            WHEN 'undated'  THEN 'whether they work here is unknown'
            ELSE 'is current' END                                            AS detail,
       CAST(least(until_on, ended_on) AS TIMESTAMP) + INTERVAL 1 DAY         AS flips_at
FROM judged
