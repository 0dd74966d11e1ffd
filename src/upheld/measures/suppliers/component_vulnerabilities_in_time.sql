/*---
title    = "What we ship has no old vulnerabilities"
promise  = "No component of a product that we ship has a known exploitable vulnerability for longer than its severity allows."
why      = "Whoever uses our product inherits the holes of what is in it."
clauses  = ["ISO/IEC 27001:2022 A.5.21", "ISO/IEC 27001:2013 A.15.1.3", "ISO/IEC 27001:2022 A.8.8"]
kind     = "deadline"
severity = "high"
owner    = "development"
warn     = "3 days"
parameters = [
    "component_scan_interval", "component_critical_within", "component_high_within", "component_medium_within", "component_low_within",
]
---*/
WITH first_seen AS (
    SELECT source, id, min(seen_from_at) AS seen_at
    FROM history.scan_findings
    GROUP BY source, id
),
dated AS (
    SELECT finding.system_id, finding.place, finding.rule_id, finding.severity, finding.state,
           -- What a scanner had found before we read its reports is as old as it says.
           least(first_seen.seen_at, finding.found_at)                       AS first_at
    FROM scan_findings AS finding
    JOIN first_seen USING (source, id)
    -- Not applicable: remarks.
    WHERE coalesce(finding.severity, 'unknown') <> 'info'
),
limited AS (
    SELECT system_id, place, rule_id, state,
           CASE WHEN state = 'unknown'         THEN NULL
                WHEN severity = 'critical'     THEN first_at + $component_critical_within
                WHEN severity = 'high'         THEN first_at + $component_high_within
                WHEN severity = 'medium'       THEN first_at + $component_medium_within
                WHEN severity = 'low'          THEN first_at + $component_low_within END  AS until_at
    FROM dated
),
found AS (
    SELECT system_id, place,
           string_agg(rule_id, ', ' ORDER BY rule_id) FILTER (until_at < $as_of)  AS late,
           string_agg(rule_id, ', ' ORDER BY rule_id) FILTER (until_at IS NULL)   AS undecided,
           min(until_at)                                                     AS until_at
    FROM limited
    GROUP BY system_id, place
),
-- Only what knows vulnerabilities, and looked to its end, shows that there are none.
scanned AS (
    SELECT system_id, max(finished_at) AS finished_at
    FROM scans
    WHERE whole AND format IN ('grype', 'trivy', 'cyclonedx')
    GROUP BY system_id
)
SELECT component.source || '/' || component.id                               AS subject,
       component.product_id || ': ' || component.name || coalesce(' ' || component.version, '')  AS label,
       CASE WHEN found.late IS NOT NULL   THEN false
            WHEN found.undecided IS NULL
             AND scanned.finished_at >= $as_of - $component_scan_interval  THEN true END  AS ok,
       coalesce(found.late || ' for too long', 'nobody decided about ' || found.undecided,
                'last looked for on ' || CAST(CAST(scanned.finished_at AS DATE) AS TEXT), 'nobody looked for vulnerabilities in it')  AS detail,
       least(found.until_at, scanned.finished_at + $component_scan_interval)  AS flips_at
FROM components AS component
LEFT JOIN found ON found.system_id = component.product_id
               AND found.place = component.name || coalesce(' ' || component.version, '')
LEFT JOIN scanned ON scanned.system_id = component.product_id
