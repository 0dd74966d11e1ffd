/*---
title    = "Releases are accepted before they go live"
promise  = "Every release in operation met its acceptance criteria and was accepted by the system's owner before it went live."
why      = "Whoever depends on a system says when it is good enough, not whoever built it."
clauses  = ["ISO/IEC 27001:2022 A.8.29", "ISO/IEC 27001:2013 A.14.2.9"]
kind     = "state"
severity = "medium"
owner    = "development"
subjects = "systems that releases went live on"
---*/
WITH placed AS (
    SELECT *, row_number() OVER (PARTITION BY source, system_id ORDER BY deployed_at IS NULL DESC, deployed_at DESC, id DESC) AS place
    FROM deployments
    -- Not applicable: tests. Where it went is unknown: it may be in operation.
    WHERE coalesce(environment, 'production') = 'production'
),
owners AS (
    SELECT id AS system_id, owner_id, true AS owns
    FROM history.systems
    GROUP BY id, owner_id
),
system AS (
    SELECT id AS system_id, max(name) AS name, bool_or(in_operation IS NOT FALSE) AS serves
    FROM systems
    GROUP BY id
),
judged AS (
    SELECT live.source, live.system_id, live.release_id, system.name, acceptance.accepted_by_id, acceptance.met, acceptance.criteria,
           CASE WHEN live.deployed_at IS NULL OR live.release_id IS NULL     THEN 'untold'
                WHEN acceptance.id IS NULL                                   THEN 'none'
                WHEN acceptance.accepted_at IS NULL                          THEN 'open'
                WHEN acceptance.accepted_at > live.deployed_at               THEN 'late'
                WHEN acceptance.criteria = 0 OR acceptance.met < acceptance.criteria  THEN 'unmet'
                WHEN owners.owns IS NULL                                     THEN 'by another'
                ELSE 'accepted' END                                          AS finding
    FROM placed AS live
    LEFT JOIN system USING (system_id)
    LEFT JOIN release_acceptances AS acceptance ON acceptance.system_id = live.system_id AND acceptance.release_id = live.release_id
    LEFT JOIN owners ON owners.system_id = live.system_id AND owners.owner_id = acceptance.accepted_by_id
    -- Not applicable: what serves nobody any more.
    WHERE live.place = 1
      AND system.serves IS NOT FALSE
)
SELECT source || '/' || system_id                                            AS subject,
       coalesce(release_id || ' on ', '') || coalesce(name, system_id)       AS label,
       CASE WHEN finding = 'accepted'    THEN true
            WHEN finding <> 'untold'     THEN false END                      AS ok,
       CASE finding
            WHEN 'accepted'    THEN 'accepted; it met all of its ' || criteria || ' criteria'
            WHEN 'none'        THEN 'has no acceptance'
            WHEN 'open'        THEN 'was not accepted'
            WHEN 'late'        THEN 'was accepted only after it went live'
            WHEN 'unmet'       THEN 'meets ' || met || ' of ' || criteria || ' criteria'
            WHEN 'by another'  THEN 'was accepted by somebody who does not answer for the system'
            ELSE 'what went live, or when, is unknown' END                   AS detail
FROM judged
