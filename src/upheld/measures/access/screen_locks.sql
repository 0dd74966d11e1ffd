/*---
title    = "Screens lock by themselves"
promise  = "Every device in use locks after the agreed idle time at the latest, and its user cannot switch that off."
why      = "An unlocked screen is somebody's account without their password."
clauses  = ["ISO/IEC 27001:2022 A.7.7", "ISO/IEC 27001:2022 A.8.1", "ISO/IEC 27001:2013 A.11.2.8", "ISO/IEC 27001:2013 A.11.2.9"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
parameters = ["screen_lock_after"]
---*/
WITH locks AS (
    SELECT *,
           CASE WHEN locks_after > $screen_lock_after      THEN 'late'
                WHEN lock_enforced AND locks_after IS NOT NULL  THEN 'in time'
                WHEN NOT lock_enforced                     THEN 'free'
                ELSE 'unknown' END                                           AS finding
    FROM devices
    -- Not applicable: what is in stock or gone, and servers, which nobody sits at.
    WHERE in_use IS NOT FALSE
      AND coalesce(kind, 'unknown') <> 'server'
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(name, id)                                                    AS label,
       CASE WHEN finding = 'in time'                                   THEN true
            WHEN finding IN ('late', 'free') AND in_use                THEN false END  AS ok,
       CASE finding
            WHEN 'in time' THEN 'locks in time'
            WHEN 'late'    THEN 'locks after ' || date_diff('minute', TIMESTAMP '2000-01-01', TIMESTAMP '2000-01-01' + locks_after) || ' minutes'
            WHEN 'free'    THEN 'never locks, or its user can switch the lock off'
            ELSE 'whether it locks is unknown' END                           AS detail
FROM locks
