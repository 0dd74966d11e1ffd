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
    SELECT door.source, door.id, door.door, door.system_id, system.name, door.said,
           door.allows_empty_passwords                                       AS empty,
           door.allows_plaintext                                             AS plain,
           -- Where no password lets in, there is none to guess.
           door.allows_passwords AND NOT door.limits_guesses                 AS guessed,
           door.allows_passwords AND system.keys_required                    AS by_password,
           door.allows_remote_superuser                                      AS superuser
    FROM logon_settings AS door
    LEFT JOIN systems AS system ON system.id = door.system_id
)
SELECT doors.source || '/' || doors.id                                                    AS subject,
       doors.door || ' of ' || coalesce(doors.name, doors.system_id)                      AS label,
       NOT (doors.empty OR doors.plain OR doors.guessed OR doors.by_password OR doors.superuser)  AS ok,
       CASE WHEN doors.empty OR doors.plain OR doors.guessed OR doors.by_password OR doors.superuser
                THEN concat_ws(', ',
                    CASE WHEN doors.empty       THEN 'lets in without a password' END,
                    CASE WHEN doors.plain       THEN 'takes passwords in clear text' END,
                    CASE WHEN doors.guessed     THEN 'allows unlimited guesses' END,
                    CASE WHEN doors.by_password THEN 'takes passwords where keys are required' END,
                    CASE WHEN doors.superuser   THEN 'lets the superuser in from afar' END)
            WHEN (doors.empty OR doors.plain OR doors.guessed OR doors.by_password OR doors.superuser) IS NULL
                THEN 'unknown: ' || concat_ws(', ',
                    CASE WHEN doors.empty IS NULL       THEN 'whether it lets in without a password' END,
                    CASE WHEN doors.plain IS NULL       THEN 'whether it takes passwords in clear text' END,
                    CASE WHEN doors.guessed IS NULL     THEN 'whether guesses are limited' END,
                    CASE WHEN doors.by_password IS NULL THEN 'whether keys are required' END,
                    CASE WHEN doors.superuser IS NULL   THEN 'whether the superuser gets in from afar' END)
            ELSE 'is as it should be' END                                                 AS detail
FROM doors
UNION ALL
-- A machine, directory or database whose ways in nobody read is unknown, not fine.
SELECT system.id, coalesce(system.name, system.id), NULL, 'none of its ways in were read'
FROM systems AS system
WHERE system.kind IN ('host', 'directory', 'database')
  AND system.in_operation IS NOT FALSE
  AND NOT EXISTS (SELECT 1 FROM logon_settings AS door WHERE door.system_id = system.id)
