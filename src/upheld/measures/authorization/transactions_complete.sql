/*---
title    = "Transactions arrive once, unchanged, where they belong"
promise  = "The journals of sender and intended receiver agree: nothing is missing, twice, altered, sent elsewhere, out of a row, or on an open channel."
why      = "A payment that arrives twice, or at somebody else, is told by the customer unless both journals are compared."
clauses  = ["ISO/IEC 27001:2022 A.8.26", "ISO/IEC 27001:2013 A.14.1.3", "GDPR 32(1)(b)"]
kind     = "never"
severity = "high"
owner    = "it-operations"
warn     = "10 minutes"
parameters = ["transaction_window"]
---*/
WITH sent AS (
    SELECT application, number, count(*) AS times, min(sequence) AS sequence, min(sender) AS sender, min(receiver) AS receiver,
           min(digest) AS digest, bool_and(encrypted) AS encrypted, bool_or(encrypted IS NULL) AS untold, min(told_at) AS at
    FROM transactions
    WHERE journal = 'sender'
    GROUP BY application, number
),
received AS (
    SELECT application, number, count(*) AS times, min(receiver) AS receiver, max(receiver) AS other, min(digest) AS digest,
           bool_and(encrypted) AS encrypted, bool_or(encrypted IS NULL) AS untold, min(told_at) AS at
    FROM transactions
    WHERE journal = 'receiver'
    GROUP BY application, number
),
ordered AS (
    SELECT *, sequence - lag(sequence) OVER (PARTITION BY application, sender ORDER BY sequence, number) AS step
    FROM sent
),
matched AS (
    SELECT coalesce(sent.application, received.application)                  AS application,
           coalesce(sent.number, received.number)                            AS number,
           coalesce(sent.at, received.at)                                    AS at,
           sent.at + $transaction_window                                     AS by_at,
           CASE WHEN sent.number IS NULL                                     THEN 'was received, and never sent'
                WHEN sent.times > 1                                          THEN 'was sent twice under one number'
                WHEN sent.step <> 1                                          THEN 'does not follow the one before it: one is missing or came twice'
                WHEN received.times > 1                                      THEN 'was received twice'
                WHEN received.number IS NULL AND sent.at + $transaction_window < $as_of  THEN 'did not arrive'
                WHEN received.receiver <> sent.receiver                      THEN 'arrived at somebody else'
                WHEN received.digest <> sent.digest                          THEN 'was altered on the way'
                WHEN NOT sent.encrypted OR NOT received.encrypted            THEN 'went over a channel that is not encrypted' END  AS wrong,
           received.number IS NULL                                           AS waiting,
           sent.sequence IS NULL OR sent.untold OR received.untold
           OR received.digest IS NULL OR sent.digest IS NULL OR received.receiver IS NULL OR sent.receiver IS NULL  AS unknown
    FROM ordered AS sent
    FULL JOIN received ON received.application = sent.application AND received.number = sent.number
)
SELECT application || '/' || number                                          AS subject,
       application || ' ' || number                                          AS label,
       CASE WHEN wrong IS NOT NULL                     THEN false
            WHEN waiting AND by_at IS NOT NULL         THEN true
            WHEN NOT unknown                           THEN true END         AS ok,
       CASE WHEN wrong IS NOT NULL                     THEN wrong
            WHEN waiting AND by_at IS NOT NULL         THEN 'is on its way'
            ELSE CASE unknown WHEN true THEN 'not all of it is told' ELSE 'arrived as it was sent' END END  AS detail,
       CASE WHEN waiting THEN by_at END                                      AS flips_at
FROM matched
