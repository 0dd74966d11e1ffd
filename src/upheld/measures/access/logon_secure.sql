/*---
title    = "Log-on is secure"
promise  = "No way into a system lets in without a password, with a password in clear text, after unlimited guesses, by password where keys are required, or as its superuser from afar."
why      = "Every other rule about accounts is worth what the weakest door asks for."
clauses  = ["ISO/IEC 27001:2022 A.8.5", "ISO/IEC 27001:2013 A.9.4.2", "GDPR 32(1)(b)"]
kind     = "state"
severity = "critical"
owner    = "it-operations"
---*/
WITH doors AS (
    SELECT door.source, door.id, door.door, door.system_id, system.name,
           door.allows_empty_passwords                                       AS passwordless,
           door.allows_plaintext                                             AS plain,
           -- Where no password lets in, there is none to guess.
           door.allows_passwords AND NOT door.limits_guesses                 AS guessed,
           door.allows_passwords AND system.keys_required                    AS keyless,
           door.allows_remote_superuser                                      AS superuser
    FROM logon_settings AS door
    LEFT JOIN systems AS system ON system.id = door.system_id
),
told AS (
    SELECT doors.source || '/' || doors.id                                   AS subject,
           doors.door || ' of ' || coalesce(doors.name, doors.system_id)     AS label,
           concat_ws(', ',
               CASE doors.passwordless WHEN true THEN 'lets in without a password' END,
               CASE doors.plain        WHEN true THEN 'takes passwords in clear text' END,
               CASE doors.guessed      WHEN true THEN 'allows unlimited guesses' END,
               CASE doors.keyless      WHEN true THEN 'takes passwords where keys are required' END,
               CASE doors.superuser    WHEN true THEN 'lets the superuser in from afar' END)              AS faults,
           concat_ws(', ',
               CASE WHEN doors.passwordless IS NULL THEN 'whether it lets in without a password' END,
               CASE WHEN doors.plain IS NULL        THEN 'whether it takes passwords in clear text' END,
               CASE WHEN doors.guessed IS NULL      THEN 'whether guesses are limited' END,
               CASE WHEN doors.keyless IS NULL      THEN 'whether passwords do where keys are required' END,
               CASE WHEN doors.superuser IS NULL    THEN 'whether it lets the superuser in from afar' END)  AS doubts
    FROM doors
    UNION ALL
    -- A machine, directory or database whose ways in nobody read is unknown, not fine.
    SELECT system.id, coalesce(system.name, system.id), '', 'all of its ways in'
    FROM systems AS system
    LEFT JOIN (SELECT DISTINCT system_id, true AS found FROM logon_settings) AS read ON read.system_id = system.id
    WHERE system.kind IN ('host', 'directory', 'database')
      AND system.in_operation IS NOT FALSE
      AND read.found IS NULL
)
SELECT subject,
       label,
       CASE WHEN faults <> ''                  THEN false
            WHEN doubts = ''                   THEN true END                 AS ok,
       coalesce(nullif(faults, ''), 'unknown: ' || nullif(doubts, ''), 'is as it should be')  AS detail
FROM told
