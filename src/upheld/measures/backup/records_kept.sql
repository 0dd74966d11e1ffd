/*---
title    = "Records are kept for their time, and no longer"
promise  = "No record was destroyed before its time ended or while a hold lasted, and none is kept long beyond it without a hold."
why      = "What is gone too early cannot be proven, and what is kept too long can be taken."
clauses  = ["ISO/IEC 27001:2022 A.5.33", "ISO/IEC 27001:2013 A.18.1.3", "GDPR 5(1)(e)"]
kind     = "state"
severity = "high"
owner    = "security-lead"
warn     = "14 days"
parameters = ["record_destroyed_within"]
---*/
WITH held AS (
    SELECT record.source, record.id,
           bool_or(hold.from_at <= record.destroyed_at AND coalesce(hold.until_at > record.destroyed_at, true))  AS when_destroyed,
           bool_or(hold.until_at IS NULL)                                    AS now,
           max(hold.until_at)                                                AS until_at
    FROM filed_records AS record
    JOIN record_holds AS hold ON hold.source = record.source AND hold.class_id = record.class_id
    GROUP BY record.source, record.id
),
dated AS (
    SELECT record.source, record.id, record.class_id, record.title, record.keep_until_on, record.destroyed_at, held.when_destroyed, held.now,
           -- Once a hold is released, there is as long again to destroy what is over.
           greatest(CAST(record.keep_until_on AS TIMESTAMP) + INTERVAL 1 DAY, held.until_at) + $record_destroyed_within  AS until_at
    FROM filed_records AS record
    LEFT JOIN held USING (source, id)
),
judged AS (
    SELECT source, id, class_id, title, keep_until_on, destroyed_at, until_at,
           CASE WHEN when_destroyed                                          THEN 'under a hold'
                WHEN keep_until_on IS NULL                                   THEN 'untold'
                WHEN CAST(destroyed_at AS DATE) <= keep_until_on             THEN 'early'
                WHEN destroyed_at IS NOT NULL                                THEN 'destroyed'
                WHEN now                                                     THEN 'held'
                WHEN until_at >= $as_of                                      THEN 'kept'
                ELSE 'too long' END                                          AS finding
    FROM dated
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id) || ', ' || class_id                               AS label,
       CASE WHEN finding IN ('destroyed', 'held', 'kept')   THEN true
            WHEN finding <> 'untold'                        THEN false END   AS ok,
       CASE finding
            WHEN 'under a hold'  THEN 'destroyed on ' || CAST(CAST(destroyed_at AS DATE) AS TEXT) || ', under a hold'
            WHEN 'untold'        THEN 'until when it must be kept is unknown'
            WHEN 'early'         THEN 'destroyed on ' || CAST(CAST(destroyed_at AS DATE) AS TEXT) || ', to be kept until ' || CAST(keep_until_on AS TEXT)
            WHEN 'destroyed'     THEN 'destroyed after its time'
            WHEN 'held'          THEN 'held'
            WHEN 'kept'          THEN 'kept until ' || CAST(keep_until_on AS TEXT)
            ELSE 'was to be destroyed after ' || CAST(keep_until_on AS TEXT) END  AS detail,
       CASE WHEN finding = 'kept' THEN until_at END                          AS flips_at
FROM judged
