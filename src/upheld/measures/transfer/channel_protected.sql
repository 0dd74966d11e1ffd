/*---
title    = "Channels for sensitive information are encrypted and agreed"
promise  = "Every channel by which personal or confidential information leaves is approved, measured as encrypted, and under an agreement in force."
why      = "What leaves in the clear is read on the way, and what leaves without an agreement is nobody's to protect."
clauses  = ["ISO/IEC 27001:2022 A.5.14", "ISO/IEC 27001:2013 A.13.2.1", "ISO/IEC 27001:2013 A.13.2.2", "GDPR 32(1)(a)"]
kind     = "state"
severity = "high"
owner    = "it-operations"
warn     = "30 days"
---*/
WITH measured AS (
    SELECT id,
           bool_and(reachable)                                               AS reachable,
           bool_and(encrypts)                                                AS encrypts,
           -- Whoever stands in between encrypts too: the other side must be who it should be.
           bool_and(trusted AND name_matches)                                AS vouched
    FROM endpoints
    GROUP BY id
),
judged AS (
    SELECT channel.source, channel.id, channel.title, channel.recipient, channel.content, channel.agreed_until_on,
           concat_ws(', ',
               CASE WHEN channel.approved_at IS NULL     THEN 'nobody else approved it' END,
               CASE WHEN channel.agreement IS NULL       THEN 'there is no agreement' END,
               CASE WHEN channel.agreed_until_on < CAST($as_of AS DATE)   THEN 'the agreement has ended' END,
               CASE WHEN channel.endpoint_id IS NULL     THEN 'it names no endpoint that could be measured' END,
               CASE WHEN measured.reachable AND NOT measured.encrypts     THEN 'it does not encrypt' END,
               CASE WHEN NOT measured.vouched            THEN 'nobody trusted vouches for the other side' END)  AS faults,
           measured.reachable AND measured.encrypts AND measured.vouched     AS encrypted
    FROM transfer_channels AS channel
    LEFT JOIN measured ON measured.id = channel.endpoint_id
    -- Not applicable: what everybody may know, or everybody here.
    WHERE coalesce(channel.content, 'unknown') NOT IN ('public', 'internal')
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id) || coalesce(' to ' || recipient, '')              AS label,
       CASE WHEN faults <> ''   THEN false
            WHEN encrypted      THEN true END                                AS ok,
       CASE WHEN faults <> ''   THEN faults
            WHEN encrypted      THEN 'encrypted and agreed'
            ELSE 'its endpoint was not measured' END                         AS detail,
       CAST(agreed_until_on AS TIMESTAMP) + INTERVAL 1 DAY                   AS flips_at
FROM judged
