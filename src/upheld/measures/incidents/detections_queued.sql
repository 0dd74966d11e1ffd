/*---
title    = "Detections are in the queue"
promise  = "Every detection of high or critical level in a log that is watched is in the queue of events, where somebody decides about it."
why      = "An alarm that nobody has to answer is noise."
clauses  = ["ISO/IEC 27001:2022 A.6.8", "ISO/IEC 27001:2022 A.8.16", "ISO/IEC 27001:2013 A.16.1.2", "ISO/IEC 27001:2013 A.12.4.1"]
kind     = "state"
severity = "high"
owner    = "security-lead"
subjects = "detections in logs"
may_be_empty = "no rule found anything of high or critical level"
parameters = ["queue_window", "looked_back"]
---*/
WITH judged AS (
    SELECT detection.source, detection.id, detection.title, detection.log, detection.level, detection.event_id,
           detection.found_at + $queue_window                                AS by_at,
           CASE WHEN event.id IS NOT NULL                                    THEN 'queued'
                WHEN detection.found_at + $queue_window < $as_of             THEN 'missing'
                WHEN detection.found_at + $queue_window >= $as_of            THEN 'waiting' END  AS finding
    FROM log_detections AS detection
    LEFT JOIN security_events AS event ON event.source = detection.source AND event.id = detection.event_id
    -- Not applicable: what is of a lower level, or was found long ago.
    WHERE coalesce(detection.level IN ('high', 'critical'), true)
      AND coalesce(detection.found_at >= $as_of - $looked_back, true)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id) || coalesce(' in ' || log, '')                    AS label,
       CASE WHEN finding IN ('queued', 'waiting')               THEN true
            WHEN finding = 'missing' AND level IS NOT NULL      THEN false END  AS ok,
       CASE finding
            WHEN 'queued'    THEN 'in event ' || event_id
            WHEN 'missing'   THEN 'in no event of the queue'
            WHEN 'waiting'   THEN 'comes into the queue by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            ELSE 'when it was found is unknown' END                          AS detail,
       CASE WHEN finding = 'waiting' THEN by_at END                          AS flips_at
FROM judged
