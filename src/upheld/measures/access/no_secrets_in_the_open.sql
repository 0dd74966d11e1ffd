/*---
title    = "No secret lies in the open"
promise  = "No repository, share or sample of tickets holds a password, key or other credential that works, and each is looked through within the interval."
why      = "What was committed once is read for ever, by everybody who may clone."
clauses  = ["ISO/IEC 27001:2022 A.5.17", "ISO/IEC 27001:2022 A.8.4", "ISO/IEC 27001:2013 A.9.2.4", "ISO/IEC 27001:2013 A.9.4.5"]
kind     = "state"
severity = "critical"
owner    = "it-operations"
warn     = "1 day"
parameters = ["secret_scan_interval"]
---*/
WITH open_ones AS (
    SELECT scan_id,
           count(*) FILTER (WHERE NOT accepted)                              AS found,
           count(*) FILTER (WHERE accepted IS NULL)                          AS undecided,
           min(kind || ' in ' || file || ', line ' || CAST(line AS TEXT)) FILTER (WHERE NOT accepted)  AS first_one
    FROM exposed_secrets
    GROUP BY scan_id
),
judged AS (
    SELECT scan.source, scan.id, scan.place, scan.unread, scan.scanned_at, open_ones.found, open_ones.first_one,
           CASE WHEN open_ones.found > 0                                      THEN 'found'
                WHEN scan.scanned_at + $secret_scan_interval < $as_of         THEN 'late'
                WHEN open_ones.undecided > 0                                  THEN 'undecided'
                WHEN scan.unread > 0 OR scan.unread IS NULL                   THEN 'unread'
                ELSE 'clean' END                                             AS finding
    FROM secret_scans AS scan
    LEFT JOIN open_ones ON open_ones.scan_id = scan.id
)
SELECT source || '/' || id                                                   AS subject,
       place                                                                 AS label,
       CASE WHEN finding = 'clean'                  THEN true
            WHEN finding IN ('found', 'late')       THEN false END           AS ok,
       CASE finding
            WHEN 'found'      THEN CAST(found AS TEXT) || CASE found WHEN 1 THEN ' secret lies' ELSE ' secrets lie' END || ' open: ' || first_one
            WHEN 'undecided'  THEN 'whether what was found works is unknown'
            WHEN 'unread'     THEN coalesce(CAST(unread AS TEXT) || ' files could not be looked through', 'whether all files were looked through is unknown')
            ELSE 'last looked through on ' || CAST(CAST(scanned_at AS DATE) AS TEXT) END  AS detail,
       CASE finding WHEN 'clean' THEN scanned_at + $secret_scan_interval END  AS flips_at
FROM judged
