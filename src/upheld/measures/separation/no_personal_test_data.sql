/*---
title    = "No personal data to test with"
promise  = "No sample of a test store holds personal data, or a row that production has too."
why      = "Whoever tests may see what they test with, and a copy of production is production without its locks."
clauses  = ["ISO/IEC 27001:2022 A.8.33", "ISO/IEC 27001:2022 A.8.11", "ISO/IEC 27001:2013 A.14.3.1", "GDPR 5(1)(c)", "GDPR 32(1)"]
kind     = "state"
severity = "high"
owner    = "dpo"
warn     = "2 days"
parameters = ["test_scan_age"]
optional = ["systems"]
subjects = "places in test stores"
---*/
WITH judged AS (
    SELECT scan.source, scan.id, scan.system_id, scan.place, scan.scanned_at,
           concat_ws(', ',
               CASE WHEN array_length(scan.found) > 0    THEN 'holds what looks like ' || array_to_string(scan.found, ', ') END,
               CASE WHEN scan.in_production > 0          THEN CAST(scan.in_production AS TEXT) || ' of its rows are in production too' END)  AS faults,
           scan.found IS NOT NULL AND scan.in_production IS NOT NULL AND scan.sampled IS NOT NULL  AS told,
           scan.scanned_at < $as_of - $test_scan_age                         AS old
    FROM test_data_scans AS scan
)
SELECT judged.source || '/' || judged.id                                     AS subject,
       judged.place || ' of ' || coalesce(system.name, judged.system_id)     AS label,
       CASE WHEN faults <> ''          THEN false
            WHEN told AND NOT old      THEN true END                         AS ok,
       CASE WHEN faults <> ''          THEN faults
            WHEN old                   THEN 'not looked at lately'
            WHEN told                  THEN 'nobody was found in it'
            ELSE 'it was not compared with production' END                   AS detail,
       judged.scanned_at + $test_scan_age                                    AS flips_at
FROM judged
LEFT JOIN systems AS system ON system.id = judged.system_id
