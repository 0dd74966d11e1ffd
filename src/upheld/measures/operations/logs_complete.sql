/*---
title    = "Logs are complete"
promise  = "No monitored log has a gap, an altered part, or a step in its clock."
why      = "Whoever broke in cuts the hour out of the log in which it happened."
clauses  = ["ISO/IEC 27001:2022 A.8.15", "ISO/IEC 27001:2013 A.12.4.1", "ISO/IEC 27001:2013 A.12.4.2"]
kind     = "state"
severity = "high"
owner    = "it-operations"
subjects = "logs that are watched"
parameters = ["log_faults_looked_back"]
---*/
WITH faults AS (
    SELECT source, log,
           count(*)                                                          AS faults,
           string_agg(coalesce(said, 'something is wrong'), '; ' ORDER BY found_at DESC, id)  AS said
    FROM log_faults
    -- Not applicable: what was found long ago.
    WHERE coalesce(found_at >= $as_of - $log_faults_looked_back, true)
    GROUP BY source, log
)
SELECT log.source || '/' || log.id                                           AS subject,
       log.id || coalesce(' of ' || log.system_id, '')                       AS label,
       CASE WHEN fault.log IS NOT NULL                                       THEN false
            WHEN log.read_at IS NOT NULL                                     THEN true END  AS ok,
       CASE WHEN fault.log IS NOT NULL                                       THEN fault.said
            WHEN log.read_at IS NOT NULL                                     THEN 'nothing is missing or altered'
            ELSE 'it was never read' END                                     AS detail,
       -- What is complete does not stop being so by time alone.
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM log_sources AS log
LEFT JOIN faults AS fault ON fault.source = log.source AND fault.log = log.id
