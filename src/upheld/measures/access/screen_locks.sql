/*---
title    = "Screens lock by themselves"
promise  = "Every device in use locks after the agreed idle time at the latest, and its user cannot switch that off."
why      = "An unlocked screen is somebody's account without their password."
clauses  = ["ISO/IEC 27001:2022 A.7.7", "ISO/IEC 27001:2022 A.8.1", "ISO/IEC 27001:2013 A.11.2.8", "ISO/IEC 27001:2013 A.11.2.9"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
parameters = ["screen_lock_after"]
scope    = "row"
row      = "devices"
---*/
WITH locks AS (
    SELECT *,
           CASE WHEN lock_enforced IS FALSE THEN false
                ELSE locks_after <= $screen_lock_after AND lock_enforced END  AS in_time
    FROM devices
    -- Not applicable: what is in stock or gone, and servers, which nobody sits at.
    WHERE in_use IS NOT FALSE
      AND coalesce(kind, 'unknown') <> 'server'
)
SELECT source || '/' || id                                                                AS subject,
       coalesce(name, id)                                                                 AS label,
       CASE WHEN in_time                                              THEN true
            WHEN NOT in_time AND in_use AND kind IS NOT NULL          THEN false END      AS ok,
       CASE WHEN in_time                                              THEN 'locks in time'
            WHEN locks_after IS NULL AND lock_enforced IS FALSE       THEN 'never locks by itself'
            WHEN locks_after > $screen_lock_after                     THEN 'locks after '
                || CAST(date_diff('minute', TIMESTAMP '2000-01-01', TIMESTAMP '2000-01-01' + locks_after) AS TEXT) || ' minutes'
            WHEN lock_enforced IS FALSE                               THEN 'its user can switch the lock off'
            ELSE 'whether it locks is unknown' END                                        AS detail
FROM locks
