/*---
title    = "Applications are tested after platform changes"
promise  = "After every change of a platform's version, each critical application on it is tested, and works, within the agreed time."
why      = "What ran on the old version runs on the new one only as long as nobody has tried."
clauses  = ["ISO/IEC 27001:2022 A.8.32", "ISO/IEC 27001:2013 A.14.2.3"]
kind     = "deadline"
severity = "medium"
owner    = "it-operations"
warn     = "3 days"
parameters = ["changes_looked_back", "platform_tested_within"]
subjects = "critical applications and their platforms"
---*/
WITH versions AS (
    SELECT id, operating_system, seen_from_at,
           lag(operating_system) OVER (PARTITION BY source, id ORDER BY seen_from_at)  AS before
    FROM history.hosts
    -- What could not be read once did not change by that.
    WHERE operating_system IS NOT NULL
),
placed AS (
    SELECT id AS platform_id, operating_system, seen_from_at, row_number() OVER (PARTITION BY id ORDER BY seen_from_at DESC) AS place
    FROM versions
    WHERE before <> operating_system
),
seen AS (
    SELECT id AS platform_id, max(operating_system) AS operating_system
    FROM hosts
    GROUP BY id
),
critical AS (
    SELECT source, id, name, in_operation AND criticality IS NOT NULL AS certain, runs_on
    FROM systems
    -- Not applicable: what serves nobody, is not critical, is a platform itself, or runs at somebody else's.
    WHERE in_operation IS NOT FALSE
      AND coalesce(criticality, 'critical') = 'critical'
      AND coalesce(kind, 'application') <> 'host'
      AND supplier_id IS NULL
),
pairs AS (
    SELECT critical.source, critical.id, critical.name, critical.certain, platform.id AS platform_id
    FROM critical CROSS JOIN unnest(critical.runs_on) AS platform(id)
    UNION ALL
    SELECT source, id, name, certain, CAST(NULL AS TEXT)
    FROM critical
    WHERE coalesce(array_length(runs_on), 0) = 0
),
tests AS (
    SELECT system_id AS id, platform_id, platform_version AS operating_system, max(tested_at)  AS tested_at
    FROM platform_tests
    WHERE passed
    GROUP BY system_id, platform_id, platform_version
),
dated AS (
    SELECT pairs.source, pairs.id, pairs.name, pairs.certain, platform_id, seen.operating_system AS now, placed.operating_system, placed.seen_from_at
    FROM pairs
    LEFT JOIN seen USING (platform_id)
    LEFT JOIN (SELECT platform_id, operating_system, seen_from_at FROM placed WHERE place = 1) AS placed USING (platform_id)
),
judged AS (
    SELECT source, id, name, certain, platform_id, operating_system, seen_from_at, tests.tested_at,
           CASE WHEN platform_id IS NULL                                     THEN 'on nothing'
                WHEN now IS NULL                                             THEN 'unread'
                WHEN NOT coalesce(seen_from_at >= $as_of - $changes_looked_back, false)  THEN 'unchanged'
                WHEN tests.tested_at >= seen_from_at                         THEN 'tested'
                WHEN $as_of <= seen_from_at + $platform_tested_within        THEN 'to test'
                ELSE 'untested' END                                          AS finding
    FROM dated
    LEFT JOIN tests USING (id, platform_id, operating_system)
)
SELECT source || '/' || id || coalesce('/' || platform_id, '')               AS subject,
       coalesce(name, id) || coalesce(' on ' || platform_id, '')             AS label,
       CASE WHEN finding IN ('unchanged', 'tested', 'to test')   THEN true
            WHEN finding = 'untested' AND certain                THEN false END  AS ok,
       CASE finding
            WHEN 'on nothing'  THEN 'what it runs on is not written down'
            WHEN 'unread'      THEN 'the version of its platform is not read'
            WHEN 'unchanged'   THEN 'its platform did not change lately'
            WHEN 'tested'      THEN 'tested on ' || operating_system || ' on ' || CAST(CAST(tested_at AS DATE) AS TEXT)
            ELSE 'not tested since its platform became ' || operating_system || ' on ' || CAST(CAST(seen_from_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN finding = 'to test' THEN seen_from_at + $platform_tested_within END  AS flips_at
FROM judged
