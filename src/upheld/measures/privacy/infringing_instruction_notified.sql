/*---
title    = "Customers hear of instructions that seem to break the law"
promise  = "Each instruction that seems to break the law was suspended, told to the customer in time, and not carried out meanwhile."
why      = "A processor that keeps quiet breaks the law together with whoever told it to."
clauses  = ["ISO/IEC 27701:2019 8.2.4", "ISO/IEC 27701:2025 A.2.2.5", "GDPR 28(3)"]
kind     = "deadline"
severity = "high"
owner    = "dpo"
warn     = "12 hours"
may_be_empty = "customers need not instruct anything that breaks the law"
subjects = "instructions that seem to break the law"
optional = ["processing_events"]
parameters = ["infringing_notice_within"]
---*/
WITH infringing AS (
    SELECT instruction.source, instruction.id, instruction.title, instruction.assessed_at, instruction.suspended_at, instruction.notified_at,
           count(event.id)                                                   AS carried_out
    FROM instructions AS instruction
    LEFT JOIN processing_events AS event
        ON event.customer_id = instruction.customer_id AND event.purpose = instruction.purpose
        AND event.happened_at >= instruction.suspended_at
        AND coalesce(event.happened_at < instruction.settled_at, true)
    WHERE instruction.infringing
    GROUP BY instruction.source, instruction.id, instruction.title, instruction.assessed_at, instruction.suspended_at,
             instruction.notified_at
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       suspended_at IS NOT NULL AND carried_out = 0
           AND coalesce(notified_at <= assessed_at + $infringing_notice_within, assessed_at >= $as_of - $infringing_notice_within)  AS ok,
       CASE WHEN suspended_at IS NULL   THEN 'was not suspended'
            WHEN carried_out > 0        THEN 'carried out ' || CAST(carried_out AS TEXT) || ' times while it was suspended'
            WHEN notified_at IS NULL    THEN 'nothing proves that the customer was told'
            ELSE 'told on ' || CAST(CAST(notified_at AS DATE) AS TEXT) END   AS detail,
       CASE WHEN notified_at IS NULL THEN assessed_at + $infringing_notice_within END  AS flips_at
FROM infringing
