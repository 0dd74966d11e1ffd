/*---
title    = "Events are reported in time"
promise  = "No security event or weakness is reported later than allowed after somebody noticed it."
why      = "Nobody can act on what only one person knows, and the law's clock may be running already."
clauses  = ["ISO/IEC 27001:2022 A.6.8", "ISO/IEC 27001:2013 A.16.1.2", "ISO/IEC 27001:2013 A.16.1.3", "GDPR 33(2)"]
kind     = "deadline"
severity = "medium"
owner    = "security-lead"
subjects = "reported events"
may_be_empty = "nothing was reported that could have been late"
parameters = ["reporting_delay", "looked_back"]
---*/
SELECT source || '/' || id                                                   AS subject,
       'Event ' || id                                                        AS label,
       reported_at <= noticed_at + $reporting_delay                          AS ok,
       coalesce('noticed at ' || strftime(noticed_at, '%Y-%m-%d %H:%M') || ', reported at ' || strftime(reported_at, '%Y-%m-%d %H:%M'),
                'when it was noticed or reported is unknown')                AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM security_events
-- Not applicable: what was reported long ago.
WHERE coalesce(reported_at >= $as_of - $looked_back, true)
