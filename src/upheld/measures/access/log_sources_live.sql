/*---
title    = "Log sources are live"
promise  = "Each system that must be monitored sent log events within its interval."
why      = "A log that fell silent looks just like one in which nothing happens."
clauses  = ["ISO/IEC 27001:2022 A.8.15", "ISO/IEC 27001:2022 A.8.16", "ISO/IEC 27001:2013 A.12.4.1"]
kind     = "state"
severity = "high"
owner    = "security-lead"
subjects = "systems that must be monitored"
parameters = ["monitored_kinds"]
---*/
WITH heard AS (
    SELECT system_id,
           max(last_event_at + silent_after)                                 AS silent_at,
           max(last_event_at)                                                AS last_event_at,
           max(added_at + silent_after)                                      AS expected_by,
           string_agg(id, ', ' ORDER BY id)                                  AS logs
    FROM log_sources
    GROUP BY system_id
),
judged AS (
    SELECT system.id, system.name, heard.logs, heard.silent_at, heard.last_event_at, heard.expected_by, system.in_operation,
           CASE WHEN heard.system_id IS NULL             THEN 'unwatched'
                WHEN heard.silent_at >= $as_of           THEN 'live'
                WHEN heard.silent_at < $as_of            THEN 'silent'
                WHEN heard.expected_by < $as_of          THEN 'never'
                ELSE 'awaited' END                                           AS finding
    FROM systems AS system
    LEFT JOIN heard ON heard.system_id = system.id
    -- Not applicable: what serves nobody, and what need not be monitored; a log that is watched shows that it must.
    WHERE system.in_operation IS NOT FALSE
      AND (system.kind IS NULL OR system.kind IN $monitored_kinds OR heard.system_id IS NOT NULL)
)
SELECT id                                                                    AS subject,
       coalesce(name, id)                                                    AS label,
       CASE WHEN finding = 'live'                                            THEN true
            WHEN finding IN ('unwatched', 'silent', 'never') AND in_operation THEN false END  AS ok,
       CASE finding
            WHEN 'unwatched' THEN 'no log of it is watched'
            WHEN 'live'      THEN 'last event ' || strftime(last_event_at, '%Y-%m-%d %H:%M') || ' in ' || logs
            WHEN 'silent'    THEN 'silent since ' || strftime(last_event_at, '%Y-%m-%d %H:%M') || ' in ' || logs
            WHEN 'never'     THEN 'nothing ever came in ' || logs
            ELSE 'nothing came yet in ' || logs END                          AS detail,
       silent_at                                                             AS flips_at
FROM judged
