/*---
title    = "Fixes are installed in time"
promise  = "No host and no product has a known vulnerability with a fix that has been there for longer than its severity allows."
why      = "Whoever attacks reads which holes were mended, and looks for those who did not install it."
clauses  = ["ISO/IEC 27001:2022 A.8.8", "ISO/IEC 27001:2013 A.12.6.1", "ISO/IEC 27001:2022 A.8.28"]
kind     = "deadline"
severity = "high"
owner    = "it-operations"
warn     = "3 days"
parameters = ["patch_scan_interval", "patch_critical_within", "patch_high_within", "patch_medium_within", "patch_low_within"]
optional = ["components"]
subjects = "hosts and products"
---*/
WITH first_seen AS (
    SELECT source, id, min(seen_from_at) AS seen_at
    FROM history.scan_findings
    -- The time runs from when there is a fix, not from when the hole was found.
    WHERE fixed_in IS NOT NULL
    GROUP BY source, id
),
fixable AS (
    SELECT finding.system_id AS id, finding.rule_id, finding.severity, finding.state, coalesce(finding.fixed_at, first_seen.seen_at) AS fixed_at
    FROM scan_findings AS finding
    JOIN first_seen USING (source, id)
    -- Not applicable: remarks, and what has no fix any more.
    WHERE coalesce(finding.severity, 'unknown') <> 'info'
      AND finding.fixed_in IS NOT NULL
),
limited AS (
    SELECT id, rule_id, state,
           CASE severity
                WHEN 'critical' THEN fixed_at + $patch_critical_within
                WHEN 'high'     THEN fixed_at + $patch_high_within
                WHEN 'medium'   THEN fixed_at + $patch_medium_within
                WHEN 'low'      THEN fixed_at + $patch_low_within END        AS until_at
    FROM fixable
),
found AS (
    SELECT id,
           count(*) FILTER (WHERE state <> 'unknown' AND until_at < $as_of)  AS late,
           string_agg(rule_id, ', ' ORDER BY rule_id) FILTER (WHERE state <> 'unknown' AND until_at < $as_of)  AS named,
           count(*) FILTER (WHERE state = 'unknown' OR until_at IS NULL)     AS undecided,
           min(until_at)                                                     AS until_at
    FROM limited
    GROUP BY id
),
-- Only what knows vulnerabilities, and looked to its end, shows that there are none.
scanned AS (
    SELECT system_id AS id, max(finished_at) AS finished_at
    FROM scans
    WHERE whole AND format IN ('grype', 'trivy', 'cyclonedx', 'ocsf')
    GROUP BY system_id
),
looked_at AS (
    SELECT 'host/' || source || '/' || id AS subject, id, coalesce(name, id) AS label, in_operation
    FROM systems
    -- Not applicable: what serves nobody.
    WHERE kind = 'host'
      AND in_operation IS NOT FALSE
    UNION ALL
    SELECT 'product/' || source || '/' || product_id, product_id, product_id, true
    FROM components
    GROUP BY source, product_id
)
SELECT looked_at.subject                                                     AS subject,
       looked_at.label                                                       AS label,
       CASE WHEN found.late > 0 AND looked_at.in_operation                   THEN false
            WHEN found.late > 0 OR found.undecided > 0                       THEN NULL
            WHEN scanned.finished_at >= $as_of - $patch_scan_interval        THEN true END  AS ok,
       CASE WHEN found.late > 0        THEN 'there has been a fix for too long: ' || found.named
            WHEN found.undecided > 0   THEN 'how grave ' || found.undecided || ' findings are is unknown'
            ELSE coalesce('last looked for on ' || CAST(CAST(scanned.finished_at AS DATE) AS TEXT), 'nobody looked for vulnerabilities in it') END  AS detail,
       least(found.until_at, scanned.finished_at + $patch_scan_interval)     AS flips_at
FROM looked_at
LEFT JOIN found USING (id)
LEFT JOIN scanned USING (id)
