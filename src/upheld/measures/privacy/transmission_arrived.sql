/*---
title    = "Data that are sent arrive where they should"
promise  = "For each transmission of personal data the intended recipient confirmed in time, by digest, what it received over a protected channel."
why      = "Sent is not arrived, and arrived somewhere is a breach."
clauses  = ["ISO/IEC 27701:2019 8.4.3", "ISO/IEC 27701:2025 A.2.4.4", "GDPR 32(1)(b)"]
kind     = "deadline"
severity = "high"
owner    = "it-operations"
warn     = "12 hours"
may_be_empty = "a company need not send personal data"
subjects = "transmissions"
parameters = ["receipt_within", "protected_channels"]
---*/
WITH sent AS (
    SELECT source, id, title, channel, sent_at, received_at,
           channel IN $protected_channels                                    AS protected,
           received_by = recipient                                           AS right_one,
           received_digest = digest                                          AS same
    FROM transmissions
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       protected AND CASE WHEN received_at IS NULL THEN sent_at >= $as_of - $receipt_within
                          ELSE right_one AND same AND received_at <= sent_at + $receipt_within END  AS ok,
       CASE WHEN channel IS NULL        THEN 'how it was sent is not known'
            WHEN NOT protected          THEN 'sent by ' || channel || ', which protects nothing'
            WHEN received_at IS NULL    THEN 'no receipt yet'
            WHEN NOT right_one          THEN 'somebody else says that it arrived'
            WHEN NOT same               THEN 'something else arrived than was sent'
            ELSE 'arrived on ' || CAST(CAST(received_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN received_at IS NULL THEN sent_at + $receipt_within END      AS flips_at
FROM sent
