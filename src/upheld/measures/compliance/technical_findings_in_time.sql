/*---
title    = "Scanners' findings are mended in time"
promise  = "No open finding of a scanner is older than the time limit of its severity."
why      = "An attacker reads the same advisories, and has no change board."
clauses  = ["ISO/IEC 27001:2022 A.8.8", "ISO/IEC 27001:2013 A.12.6.1"]
kind     = "deadline"
severity = "high"
owner    = "it-operations"
warn     = "3 days"
parameters = ["mend_critical_within", "mend_high_within", "mend_medium_within", "mend_low_within"]
may_be_empty = "scanners need not find anything"
---*/
WITH first_seen AS (
    SELECT source, id, min(seen_from_at) AS seen_at
    FROM history.scan_findings
    GROUP BY source, id
),
judged AS (
    SELECT finding.source, finding.id, finding.state, finding.severity, finding.tool, finding.system_id, finding.title, finding.place,
           -- What a scanner had found before we read its reports is as old as it says.
           least(first_seen.seen_at, finding.found_at)                       AS first_at
    FROM scan_findings AS finding
    JOIN first_seen USING (source, id)
    -- Not applicable: remarks.
    WHERE coalesce(finding.severity, 'unknown') <> 'info'
),
limited AS (
    SELECT source, id, state, severity, tool, system_id, title, place, first_at,
           CASE severity
                WHEN 'critical' THEN first_at + $mend_critical_within
                WHEN 'high'     THEN first_at + $mend_high_within
                WHEN 'medium'   THEN first_at + $mend_medium_within
                WHEN 'low'      THEN first_at + $mend_low_within END         AS until_at
    FROM judged
)
SELECT source || '/' || id                                                   AS subject,
       system_id || ': ' || coalesce(title, id) || coalesce(', ' || place, '')  AS label,
       CASE WHEN state = 'unknown'   THEN NULL
            ELSE until_at >= $as_of END                                      AS ok,
       CASE WHEN state = 'unknown'   THEN tool || ' could not decide'
            ELSE coalesce(severity, 'of unknown severity') || ', found by ' || tool || ' on ' || CAST(CAST(first_at AS DATE) AS TEXT)
                 || CASE WHEN state = 'suppressed' THEN ', suppressed there' ELSE '' END END  AS detail,
       until_at                                                              AS flips_at
FROM limited
