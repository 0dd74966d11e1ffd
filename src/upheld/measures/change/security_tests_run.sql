/*---
title    = "Releases pass security tests"
promise  = "Every release passed the security tests that were run on it, and what is released has no open finding of high severity."
why      = "A hole that a test would have found is found by somebody else."
clauses  = ["ISO/IEC 27001:2022 A.8.29", "ISO/IEC 27001:2013 A.14.2.8"]
kind     = "state"
severity = "high"
owner    = "development"
parameters = ["security_suites", "releases_looked_back"]
subjects = "releases and products"
---*/
WITH newest AS (
    -- A test that was run again counts as it ended the last time.
    SELECT release_id, suite, name, arg_max(coalesce(passed, false), finished_at) AS passed, arg_max(passed IS NULL, finished_at) AS untold
    FROM release_tests
    WHERE suite IN $security_suites
    GROUP BY release_id, suite, name
),
tested AS (
    SELECT release_id, count(*) AS tests, bool_or(untold) AS untold,
           string_agg(name, ', ' ORDER BY name) FILTER (NOT passed AND NOT untold)  AS failed
    FROM newest
    GROUP BY release_id
),
findings AS (
    SELECT system_id AS repository_id, string_agg(rule_id, ', ' ORDER BY rule_id) AS rules
    FROM scan_findings
    WHERE state = 'open'
      AND severity IN ('critical', 'high')
    GROUP BY system_id
),
scanned AS (
    SELECT system_id AS repository_id, max(finished_at) AS finished_at
    FROM scans
    WHERE whole
    GROUP BY system_id
),
recent AS (
    SELECT source, id, repository_id, tag, tagged_at
    FROM releases
    -- When one was made whose tag tells no time is unknown; it may be recent.
    WHERE coalesce(tagged_at >= $as_of - $releases_looked_back, true)
)
SELECT 'release/' || recent.source || '/' || recent.id                       AS subject,
       recent.repository_id || ' ' || recent.tag                             AS label,
       CASE WHEN tested.failed IS NOT NULL                    THEN false
            WHEN tested.untold                                THEN NULL
            WHEN tested.tests > 0                             THEN true
            WHEN recent.tagged_at IS NOT NULL                 THEN false END AS ok,
       CASE WHEN tested.failed IS NOT NULL   THEN 'failed: ' || tested.failed
            WHEN tested.untold               THEN 'how some of its security tests ended is unknown'
            ELSE coalesce('security tests passed: ' || tested.tests, 'no security test of it is known') END  AS detail,
       -- A release that leaves the time looked at was tested all the same.
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM recent
LEFT JOIN tested ON tested.release_id = recent.id
UNION ALL
SELECT 'product/' || product.source || '/' || product.repository_id          AS subject,
       product.repository_id                                                 AS label,
       CASE WHEN findings.rules IS NOT NULL          THEN false
            WHEN scanned.finished_at IS NOT NULL     THEN true END           AS ok,
       coalesce('open: ' || findings.rules, 'last scanned on ' || CAST(CAST(scanned.finished_at AS DATE) AS TEXT),
                'no scanner has looked at it')                               AS detail,
       CAST(NULL AS TIMESTAMP)
FROM (SELECT source, repository_id FROM recent GROUP BY source, repository_id) AS product
LEFT JOIN findings USING (repository_id)
LEFT JOIN scanned USING (repository_id)
