/*---
title    = "Work from afar is approved"
promise  = "Every session from afar was by somebody approved for it, and from an enrolled device."
why      = "What comes in from outside looks like an attacker until somebody can say who it was, and on what."
clauses  = ["ISO/IEC 27001:2022 A.6.7", "ISO/IEC 27001:2013 A.6.2.2", "GDPR 32(1)(b)"]
kind     = "never"
severity = "high"
owner    = "it-operations"
subjects = "sessions from afar"
parameters = ["remote_looked_back"]
optional = ["systems"]
---*/
WITH told AS (
    SELECT *, row_number() OVER (PARTITION BY source, id ORDER BY seen_from_at DESC) AS age
    FROM history.remote_sessions
),
-- A line that left the log was still told.
sessions AS (
    SELECT told.source, told.id, told.system_id, told.identifier, told.device_id, told.began_at,
           coalesce(min(named.person_id), min(owner.person_id))              AS person_id
    FROM told
    LEFT JOIN engagements AS named ON named.id = told.person_id
    LEFT JOIN accounts AS account ON account.system_id = told.system_id AND account.identifier = told.identifier
    LEFT JOIN account_owners AS owner ON owner.source = account.source AND owner.account_id = account.id
    WHERE told.age = 1
      AND coalesce(told.began_at >= $as_of - $remote_looked_back, true)
    GROUP BY told.source, told.id, told.system_id, told.identifier, told.device_id, told.began_at
),
approved AS (
    SELECT sessions.source, sessions.id
    FROM sessions
    JOIN engagements AS person ON person.person_id = sessions.person_id
    JOIN remote_work_approvals AS approval ON approval.person_id = person.id
    WHERE approval.approved_at <= sessions.began_at
      AND approval.from_on <= CAST(sessions.began_at AS DATE)
      AND coalesce(approval.until_on >= CAST(sessions.began_at AS DATE), true)
      AND coalesce(approval.withdrawn_at > sessions.began_at, true)
    GROUP BY sessions.source, sessions.id
),
-- A device counts as enrolled from when it was, until it was lost or retired.
devices_then AS (
    SELECT sessions.source, sessions.id
    FROM sessions
    JOIN enrolled_devices AS device ON device.id = sessions.device_id
    WHERE device.enrolled_at <= sessions.began_at
      AND coalesce(least(device.lost_at, device.retired_at) > sessions.began_at, true)
    GROUP BY sessions.source, sessions.id
),
judged AS (
    SELECT sessions.*,
           CASE WHEN sessions.began_at IS NULL                                           THEN 'undated'
                WHEN sessions.person_id IS NOT NULL AND approved.id IS NULL              THEN 'unapproved'
                WHEN sessions.device_id IS NOT NULL AND devices_then.id IS NULL          THEN 'device'
                WHEN sessions.person_id IS NULL                                          THEN 'whose'
                WHEN sessions.device_id IS NULL                                          THEN 'from what'
                ELSE 'approved' END                                          AS finding
    FROM sessions
    LEFT JOIN approved USING (source, id)
    LEFT JOIN devices_then USING (source, id)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(identifier, 'somebody') || ' on ' || coalesce(system_id, 'a system') || coalesce(', ' || strftime(began_at, '%Y-%m-%d %H:%M'), '')  AS label,
       CASE WHEN finding = 'approved'                     THEN true
            WHEN finding IN ('unapproved', 'device')      THEN false END     AS ok,
       CASE finding
            WHEN 'undated'     THEN 'when it began is unknown'
            WHEN 'unapproved'  THEN 'was by somebody not approved for work from afar'
            WHEN 'device'      THEN 'came from a device that was not enrolled: ' || device_id
            WHEN 'whose'       THEN 'whose session it was is unknown'
            WHEN 'from what'   THEN 'which device it came from is unknown'
            ELSE 'was approved, and from an enrolled device' END             AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM judged
