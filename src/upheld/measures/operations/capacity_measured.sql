/*---
title    = "Capacity is measured"
promise  = "Every operational system has readings of its resources, and the newest of each is no older than the interval."
why      = "A disk that nobody measures is full on a Sunday."
clauses  = ["ISO/IEC 27001:2022 A.8.6", "ISO/IEC 27001:2013 A.12.1.3"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
warn     = "4 hours"
parameters = ["capacity_reading_age"]
subjects = "operational systems"
---*/
WITH newest AS (
    SELECT system_id, resource, max(measured_at) AS measured_at
    FROM capacity_readings
    -- What does not say how much is used, and of how much, is no reading.
    WHERE used IS NOT NULL AND available IS NOT NULL
    GROUP BY system_id, resource
),
measured AS (
    SELECT system_id, min(measured_at) AS measured_at, count(*) AS resources,
           string_agg(resource, ', ' ORDER BY resource) FILTER (measured_at < $as_of - $capacity_reading_age)  AS aged
    FROM newest
    GROUP BY system_id
)
SELECT system.source || '/' || system.id                                     AS subject,
       coalesce(system.name, system.id)                                      AS label,
       CASE WHEN measured.measured_at >= $as_of - $capacity_reading_age                      THEN true
            WHEN system.in_operation AND system.environment = 'production'    THEN false END  AS ok,
       CASE WHEN measured.system_id IS NULL   THEN 'nothing of it is measured'
            ELSE coalesce('not measured lately: ' || measured.aged, 'resources measured: ' || measured.resources) END  AS detail,
       measured.measured_at + $capacity_reading_age                          AS flips_at
FROM systems AS system
LEFT JOIN measured ON measured.system_id = system.id
-- Not applicable: what serves nobody, or is no production.
WHERE system.in_operation IS NOT FALSE
  AND coalesce(system.environment, 'production') = 'production'
