/*---
title    = "Cryptography is as law and contracts want it"
promise  = "No system uses cryptography that a rule for its region or contract forbids, or lacks what one demands."
why      = "What is good practice in one country is forbidden in another, and what a contract demands is owed whether or not it is better."
clauses  = ["ISO/IEC 27001:2022 A.5.31", "ISO/IEC 27001:2022 A.8.24", "ISO/IEC 27001:2013 A.18.1.5"]
kind     = "state"
severity = "medium"
owner    = "security-lead"
---*/
WITH used AS (
    SELECT endpoint.system_id, version.name
    FROM endpoints AS endpoint CROSS JOIN unnest(endpoint.protocols) AS version(name)
    UNION
    SELECT system_id, weakest_cipher
    FROM endpoints
    UNION
    SELECT system_id, key_kind
    FROM endpoints
    UNION
    SELECT system_id, algorithm
    FROM keys
    -- Not applicable: what was destroyed leaves a row, but no key.
    WHERE coalesce(state, 'unknown') <> 'destroyed'
),
measured AS (
    SELECT system_id
    FROM used
    GROUP BY system_id
    -- An endpoint that did not answer, or a key that tells nothing of itself, may be anything.
    HAVING bool_and(name IS NOT NULL)
),
in_force AS (
    SELECT *, source || '/' || id                                            AS rule
    FROM cryptography_rules
    WHERE from_on <= CAST($as_of AS DATE) AND coalesce(until_on >= CAST($as_of AS DATE), true)
),
place AS (
    SELECT in_force.rule, 'region/' || region.name                           AS name
    FROM in_force CROSS JOIN unnest(in_force.regions) AS region(name)
    UNION ALL
    SELECT in_force.rule, 'system/' || named.name
    FROM in_force CROSS JOIN unnest(in_force.systems) AS named(name)
),
wanted AS (
    SELECT in_force.rule, word.name
    FROM in_force CROSS JOIN unnest(in_force.names) AS word(name)
),
binds AS (
    SELECT system.source || '/' || system.id                                 AS subject,
           system.id                                                         AS system_id,
           place.rule,
           bool_or(place.name = 'region/' || system.region)                  AS by_region
    FROM systems AS system
    JOIN place ON place.name IN ('region/' || system.region, 'system/' || system.id)
    GROUP BY system.source, system.id, place.rule
),
kept AS (
    SELECT binds.subject, binds.by_region, in_force.title, in_force.effect,
           string_agg(DISTINCT used.name, ', ' ORDER BY used.name)           AS found
    FROM binds
    JOIN in_force ON in_force.rule = binds.rule
    LEFT JOIN wanted ON wanted.rule = binds.rule
    LEFT JOIN used ON used.system_id = binds.system_id AND used.name = wanted.name
    GROUP BY binds.subject, binds.by_region, binds.rule, in_force.title, in_force.effect
),
judged AS (
    SELECT system.source || '/' || system.id                                 AS subject,
           coalesce(system.name, system.id)                                  AS label,
           system.region,
           bool_or(kept.by_region)                                           AS looked_up,
           measured.system_id IS NOT NULL OR bool_and(kept.effect = 'free')  AS known,
           string_agg(CASE WHEN kept.effect = 'forbids' THEN 'uses ' || kept.found || ', which ' || kept.title || ' forbids'
                           -- What nobody measured may be there.
                           WHEN kept.effect = 'demands' AND kept.found IS NULL AND measured.system_id IS NOT NULL
                                THEN 'lacks what ' || kept.title || ' demands' END, '; ' ORDER BY kept.title)  AS faults
    FROM systems AS system
    LEFT JOIN kept ON kept.subject = system.source || '/' || system.id
    LEFT JOIN measured ON measured.system_id = system.id
    WHERE system.in_operation IS NOT FALSE
    GROUP BY system.source, system.id, system.name, system.region, measured.system_id
)
SELECT subject, label,
       CASE WHEN faults IS NOT NULL    THEN false
            WHEN looked_up AND known   THEN true END                         AS ok,
       CASE WHEN faults IS NOT NULL    THEN faults
            WHEN looked_up AND known   THEN 'keeps to the rules'
            WHEN looked_up             THEN 'which cryptography it uses was not measured'
            ELSE coalesce('nobody wrote down which rules hold in ' || region, 'where it runs is not known') END  AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM judged
