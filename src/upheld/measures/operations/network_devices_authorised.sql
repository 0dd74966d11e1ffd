/*---
title    = "Only admitted devices are in our networks"
promise  = "No device was in a network of ours without being registered and admitted to it at that time."
why      = "Whoever plugs something in is behind every wall that was built against outsiders."
clauses  = ["ISO/IEC 27001:2022 A.8.20", "ISO/IEC 27001:2022 A.8.22", "ISO/IEC 27001:2013 A.9.1.2", "ISO/IEC 27001:2013 A.13.1.1"]
kind     = "never"
severity = "high"
owner    = "it-operations"
parameters = ["network_looked_back"]
looks_back = { network_sightings = "network_looked_back" }
subjects = "devices seen in networks"
---*/
WITH seen AS (
    SELECT network_id, hardware_address,
           -- A lease does not say when it was given; it was there when it was read first.
           coalesce(seen_at, seen_from_at)                                   AS at,
           max(coalesce(name, address))                                      AS called
    FROM history.network_sightings
    GROUP BY network_id, hardware_address, coalesce(seen_at, seen_from_at)
),
held AS (
    SELECT seen.network_id, seen.hardware_address, seen.at, seen.called,
           min(admission.title)                                              AS title,
           count(admission.id)                                               AS admissions,
           bool_or(admission.admitted_at <= seen.at
                   AND coalesce(admission.withdrawn_at > seen.at, true)
                   AND coalesce(admission.until_on >= CAST(seen.at AS DATE), true))  AS admitted
    FROM seen
    LEFT JOIN network_admissions AS admission
        ON admission.hardware_address = seen.hardware_address AND admission.network_id = seen.network_id
    WHERE seen.at >= $as_of - $network_looked_back
    GROUP BY seen.network_id, seen.hardware_address, seen.at, seen.called
),
judged AS (
    SELECT network_id, hardware_address,
           coalesce(min(title), max(called), hardware_address)               AS title,
           min(admissions)                                                   AS admissions,
           bool_or(NOT coalesce(admitted, admissions > 0))                   AS refused,
           bool_or(admitted IS NULL)                                         AS unclear,
           max(CASE WHEN admitted IS NOT TRUE THEN "at" END)                 AS last_at
    FROM held
    GROUP BY network_id, hardware_address
)
SELECT network_id || '/' || hardware_address                                 AS subject,
       title || ' (' || hardware_address || ') in ' || network_id            AS label,
       CASE WHEN refused         THEN false
            WHEN NOT unclear     THEN true END                               AS ok,
       CASE WHEN last_at IS NULL   THEN 'admitted'
            WHEN admissions > 0    THEN 'not admitted when it was seen, last on ' || CAST(CAST(last_at AS DATE) AS TEXT)
            ELSE 'not registered for this network, seen last on ' || CAST(CAST(last_at AS DATE) AS TEXT) END  AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM judged
