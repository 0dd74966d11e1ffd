/*---
title    = "Mobile devices are locked and encrypted"
promise  = "No mobile device in use lacks a passcode, or storage that is encrypted."
why      = "Whoever finds it should find a brick."
clauses  = ["ISO/IEC 27001:2022 A.8.1", "ISO/IEC 27001:2013 A.6.2.1", "GDPR 32(1)(a)"]
kind     = "state"
severity = "high"
owner    = "it-operations"
---*/
WITH judged AS (
    SELECT *,
           CASE WHEN NOT passcode                                            THEN 'has no passcode'
                WHEN NOT encrypted                                           THEN 'is not encrypted'
                WHEN passcode IS NULL                                        THEN 'whether it has a passcode is unknown'
                WHEN encrypted IS NULL                                       THEN 'whether it is encrypted is unknown'
                END                                                          AS wrong
    FROM devices
    -- Not applicable: what is in stock or gone, and what stays inside.
    WHERE in_use IS NOT FALSE
      AND coalesce(mobile, kind IN ('phone', 'tablet'), true)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(name, id)                                                    AS label,
       CASE WHEN wrong IS NULL                                               THEN true
            WHEN (NOT passcode OR NOT encrypted) AND in_use AND (mobile OR kind IN ('phone', 'tablet'))  THEN false END  AS ok,
       coalesce(wrong, 'has a passcode and is encrypted')                    AS detail
FROM judged
