/*---
title    = "First secrets reach their person alone"
promise  = "Every first secret that was handed over was opened by the person it was for and nobody else, and none was left unopened past its time."
why      = "A first password that lies in a mailbox is everybody's."
clauses  = ["ISO/IEC 27001:2022 A.5.17", "ISO/IEC 27001:2013 A.9.2.4", "GDPR 32(1)(b)"]
kind     = "never"
severity = "high"
owner    = "it-operations"
warn     = "12 hours"
parameters = ["secrets_looked_back"]
may_be_empty = "No first secret was handed over."
---*/
WITH judged AS (
    SELECT source, id, system_id, identifier, opened_at, expires_at,
           CASE WHEN opened_by_id <> addressee_id             THEN 'others'
                WHEN opened_at > expires_at                   THEN 'late'
                WHEN opened_by_id = addressee_id              THEN 'opened'
                WHEN opened_at IS NOT NULL                    THEN 'by whom'
                WHEN expires_at >= $as_of                     THEN 'waiting'
                WHEN expires_at IS NULL                       THEN 'undated'
                ELSE 'unopened' END                                          AS finding
    FROM secret_links
    -- Not applicable: what was taken back before anybody opened it.
    WHERE (withdrawn_at IS NULL OR opened_at IS NOT NULL)
      AND coalesce(made_at >= $as_of - $secrets_looked_back, true)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(identifier, id) || ' on ' || coalesce(system_id, 'a system') AS label,
       CASE WHEN finding IN ('opened', 'waiting')              THEN true
            WHEN finding IN ('others', 'late', 'unopened')     THEN false END  AS ok,
       CASE finding
            WHEN 'others'    THEN 'was opened by somebody else'
            WHEN 'late'      THEN 'was opened on ' || CAST(CAST(opened_at AS DATE) AS TEXT) || ', after its time'
            WHEN 'opened'    THEN 'was opened by whom it was for'
            WHEN 'by whom'   THEN 'who opened it is unknown'
            WHEN 'waiting'   THEN 'waits to be opened until ' || CAST(CAST(expires_at AS DATE) AS TEXT)
            WHEN 'undated'   THEN 'until when it can be opened is unknown'
            ELSE 'was never opened, and ran out on ' || CAST(CAST(expires_at AS DATE) AS TEXT) END  AS detail,
       CASE finding WHEN 'waiting' THEN expires_at END                       AS flips_at
FROM judged
