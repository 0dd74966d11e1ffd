/*---
title    = "Deployments are approved changes"
promise  = "Everything put into operation belongs to a change that somebody else approved before, and lies within its time; an emergency is approved shortly after."
why      = "What reaches production past change control was looked at by nobody."
clauses  = ["ISO/IEC 27001:2022 A.8.32", "ISO/IEC 27001:2013 A.14.2.2", "ISO/IEC 27001:2013 A.12.1.2"]
kind     = "never"
severity = "high"
owner    = "engineering"
warn     = "1 day"
parameters = ["changes_looked_back", "emergency_approved_within"]
---*/
WITH held AS (
    SELECT deployment.source, deployment.id, deployment.system_id, deployment.release_id, deployment.deployed_at,
           deployment.change_id, change.id AS known_id, change.kind, change.approved_at, change.approved_by_id <> change.requested_by_id AS apart,
           list_contains(change.systems, deployment.system_id)               AS of_this_system,
           deployment.deployed_at >= change.from_at AND deployment.deployed_at <= change.until_at  AS in_time
    FROM deployments AS deployment
    LEFT JOIN changes AS change ON change.id = deployment.change_id
    -- Not applicable: tests, and what is too long ago. Where, or when, is unknown: it may be lately, and in production.
    WHERE coalesce(deployment.environment, 'production') = 'production'
      AND coalesce(deployment.deployed_at >= $as_of - $changes_looked_back, true)
),
judged AS (
    SELECT *,
           CASE WHEN change_id IS NULL                                       THEN 'names none'
                WHEN known_id IS NULL                                        THEN 'not there'
                WHEN NOT of_this_system                                      THEN 'of another system'
                WHEN deployed_at IS NULL                                     THEN 'undated'
                WHEN NOT apart                                               THEN 'by who proposed it'
                WHEN kind = 'emergency' AND approved_at <= deployed_at + $emergency_approved_within  THEN 'approved'
                WHEN kind = 'emergency' AND $as_of <= deployed_at + $emergency_approved_within  THEN 'waits'
                WHEN NOT coalesce(approved_at <= deployed_at, false)         THEN 'not approved'
                WHEN NOT in_time                                             THEN 'out of time'
                ELSE 'approved' END                                          AS finding
    FROM held
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(release_id || ' on ', '') || system_id || coalesce(', ' || CAST(CAST(deployed_at AS DATE) AS TEXT), '')  AS label,
       CASE WHEN finding IN ('approved', 'waits')    THEN true
            WHEN finding <> 'undated'                THEN false END          AS ok,
       CASE finding
            WHEN 'approved'            THEN 'belongs to ' || change_id
            WHEN 'waits'               THEN change_id || ' is an emergency, and waits to be approved'
            WHEN 'names none'          THEN 'belongs to no change'
            WHEN 'not there'           THEN 'there is no change ' || change_id
            WHEN 'of another system'   THEN change_id || ' does not change this system'
            WHEN 'by who proposed it'  THEN change_id || ' was approved by who proposed it'
            WHEN 'not approved'        THEN change_id || ' was not approved by then'
            WHEN 'out of time'         THEN 'outside the time of ' || change_id
            ELSE 'when it was done is unknown' END                           AS detail,
       CASE WHEN finding = 'waits' THEN deployed_at + $emergency_approved_within END  AS flips_at
FROM judged
