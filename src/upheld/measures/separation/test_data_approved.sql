/*---
title    = "Test data are approved"
promise  = "Every set of test data was approved by somebody who did not bring it, and is within its time."
why      = "Test data outlive the test, on systems that nobody guards like the real ones."
clauses  = ["ISO/IEC 27001:2022 A.8.33", "ISO/IEC 27001:2013 A.14.3.1"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
warn     = "14 days"
optional = ["test_data_scans"]
subjects = "sets of test data"
---*/
WITH sets AS (
    SELECT source || '/' || id                                               AS subject,
           coalesce(title, id)                                               AS label,
           expires_on, expires_on IS NOT NULL                                AS dated,
           CASE WHEN approved_at IS NULL                   THEN 'nobody else approved it'
                WHEN expires_on < CAST($as_of AS DATE)     THEN 'should have been erased by ' || CAST(expires_on AS TEXT) END  AS fault
    FROM test_data_sets
    UNION ALL
    -- What lies in a test store, and was never entered.
    SELECT 'found/' || system_id, 'Data in ' || system_id, CAST(NULL AS DATE), true, 'nobody entered it, and so nobody approved it'
    FROM test_data_scans
    WHERE sampled > 0 AND system_id NOT IN (SELECT system_id FROM test_data_sets WHERE system_id IS NOT NULL)
    GROUP BY system_id
)
SELECT subject, label,
       CASE WHEN fault IS NOT NULL   THEN false
            WHEN dated               THEN true END                           AS ok,
       CASE WHEN fault IS NOT NULL   THEN fault
            WHEN dated               THEN 'approved until ' || CAST(expires_on AS TEXT)
            ELSE 'until when is not known' END                               AS detail,
       CAST(expires_on AS TIMESTAMP) + INTERVAL 1 DAY                        AS flips_at
FROM sets
