/*---
title    = "Incidents are answered in time"
promise  = "Every incident is taken on and contained within the times set for how severe it is."
why      = "An hour lost at the beginning is paid for with days at the end."
clauses  = ["ISO/IEC 27001:2022 A.5.24", "ISO/IEC 27001:2022 A.5.26", "ISO/IEC 27001:2013 A.16.1.1", "ISO/IEC 27001:2013 A.16.1.5"]
kind     = "deadline"
severity = "high"
owner    = "security-lead"
warn     = "4 hours"
subjects = "incidents, to be taken on and to be contained"
may_be_empty = "there was no incident that could have been answered late"
parameters = ["acknowledge_critical", "acknowledge_high", "acknowledge_medium", "acknowledge_low", "contain_critical", "contain_high", "contain_medium", "contain_low", "looked_back"]
---*/
WITH targets AS (
    SELECT 'critical' AS severity, $acknowledge_critical AS acknowledge, $contain_critical AS contain
    UNION ALL
    SELECT 'high', $acknowledge_high, $contain_high
    UNION ALL
    SELECT 'medium', $acknowledge_medium, $contain_medium
    UNION ALL
    SELECT 'low', $acknowledge_low, $contain_low
),
recent AS (
    SELECT incident.source, incident.id, incident.title, incident.severity,
           incident.opened_at + targets.acknowledge                          AS acknowledge_by_at,
           incident.opened_at + targets.contain                              AS contain_by_at,
           -- Whoever contained it had taken it on.
           least(incident.acknowledged_at, incident.contained_at)            AS acknowledged_at,
           incident.contained_at
    FROM incidents AS incident
    LEFT JOIN targets USING (severity)
    -- Not applicable: what was contained long ago.
    WHERE incident.contained_at IS NULL OR incident.opened_at >= $as_of - $looked_back
),
answers AS (
    SELECT source, id, title, 'taken on' AS what, acknowledge_by_at AS by_at, acknowledged_at AS done_at
    FROM recent
    UNION ALL
    SELECT source, id, title, 'contained', contain_by_at, contained_at
    FROM recent
),
judged AS (
    SELECT source, id, title, what, by_at, done_at,
           CASE WHEN done_at <= by_at                             THEN 'in time'
                WHEN done_at > by_at                              THEN 'late'
                WHEN by_at < $as_of                               THEN 'missing'
                WHEN by_at >= $as_of                              THEN 'waiting' END  AS finding
    FROM answers
)
SELECT source || '/' || id || '/' || what                                    AS subject,
       coalesce(title, id) || ', ' || what                                   AS label,
       CASE WHEN finding IN ('in time', 'waiting')     THEN true
            WHEN finding IN ('late', 'missing')        THEN false END        AS ok,
       CASE finding
            WHEN 'in time'   THEN what || ' at ' || strftime(done_at, '%Y-%m-%d %H:%M')
            WHEN 'late'      THEN what || ' at ' || strftime(done_at, '%Y-%m-%d %H:%M') || ', due by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            WHEN 'missing'   THEN 'not ' || what || ', due by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            WHEN 'waiting'   THEN 'to be ' || what || ' by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            ELSE 'how severe it is, and so when it was due, is unknown' END  AS detail,
       CASE WHEN finding = 'waiting' THEN by_at END                          AS flips_at
FROM judged
