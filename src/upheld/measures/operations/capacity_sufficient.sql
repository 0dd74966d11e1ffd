/*---
title    = "Capacity suffices"
promise  = "Projected from its readings, each resource lasts beyond the planning horizon, or more of it is there before it runs out."
why      = "Disks are delivered in weeks and fill in days."
clauses  = ["ISO/IEC 27001:2022 A.8.6", "ISO/IEC 27001:2013 A.12.1.3"]
kind     = "capacity"
severity = "medium"
owner    = "it-operations"
warn     = "14 days"
parameters = ["capacity_horizon", "capacity_used_at_most", "capacity_looked_back", "capacity_readings_at_least"]
subjects = "resources"
---*/
WITH placed AS (
    SELECT source, system_id, resource, measured_at, used, available,
           row_number() OVER (PARTITION BY source, system_id, resource ORDER BY measured_at DESC, id DESC)  AS place
    FROM capacity_readings
),
last AS (
    SELECT source, system_id, resource, measured_at, used, available * $capacity_used_at_most AS most
    FROM placed
    WHERE place = 1
),
series AS (
    SELECT DISTINCT reading.source, reading.system_id, reading.resource, reading.measured_at, reading.used,
           date_diff('minute', last.measured_at, reading.measured_at) / 1440.0  AS day
    FROM history.capacity_readings AS reading
    JOIN (SELECT source, system_id, resource, measured_at FROM last) AS last USING (source, system_id, resource)
    WHERE reading.measured_at >= last.measured_at - $capacity_looked_back
      AND reading.used IS NOT NULL
),
-- The straight line through the readings, by least squares: how much more is used each day.
fitted AS (
    SELECT source, system_id, resource, count(*) AS readings,
           (count(*) * sum(day * used) - sum(day) * sum(used)) / nullif(count(*) * sum(day * day) - sum(day) * sum(day), 0)  AS a_day
    FROM series
    GROUP BY source, system_id, resource
),
-- After how many days it is full, told from the last reading; at most ten years ahead.
projected AS (
    SELECT last.source, last.system_id, last.resource, last.measured_at, last.used, last.most, fitted.a_day,
           fitted.readings >= $capacity_readings_at_least                    AS told,
           CAST(floor(CASE WHEN last.most < last.used + 3650 * fitted.a_day
                           THEN (last.most - last.used) / nullif(fitted.a_day, 0)
                           WHEN last.most IS NOT NULL AND last.used IS NOT NULL AND fitted.a_day IS NOT NULL
                           THEN 3650 END) AS INTEGER)                        AS days
    FROM last
    LEFT JOIN fitted USING (source, system_id, resource)
),
dated AS (
    SELECT *, measured_at + days * INTERVAL 1 DAY                            AS full_at
    FROM projected
),
ordered AS (
    SELECT dated.source, dated.system_id, dated.resource, min(coming.ready_on)  AS ready_on
    FROM dated
    JOIN (SELECT system_id, resource, ready_on FROM capacity_orders) AS coming USING (system_id, resource)
    -- What was to be there by now, and is not, helps nobody.
    WHERE coming.ready_on >= CAST($as_of AS DATE)
      AND coming.ready_on <= CAST(dated.full_at AS DATE)
    GROUP BY dated.source, dated.system_id, dated.resource
),
judged AS (
    SELECT dated.*, ordered.ready_on,
           CASE WHEN dated.used > dated.most                                 THEN 'full'
                WHEN dated.told IS NOT TRUE OR dated.days IS NULL             THEN 'untold'
                WHEN dated.full_at - $capacity_horizon >= $as_of             THEN 'lasts'
                WHEN ordered.ready_on IS NOT NULL                            THEN 'ordered'
                ELSE 'runs out' END                                          AS finding
    FROM dated
    LEFT JOIN ordered USING (source, system_id, resource)
)
SELECT judged.source || '/' || judged.system_id || '/' || judged.resource    AS subject,
       coalesce(system.name, judged.system_id) || ', ' || judged.resource    AS label,
       CASE WHEN finding IN ('lasts', 'ordered')     THEN true
            WHEN finding IN ('full', 'runs out')     THEN false END          AS ok,
       CASE finding
            WHEN 'full'      THEN 'is used beyond what may be used'
            WHEN 'untold'    THEN 'its readings are too few to project'
            WHEN 'ordered'   THEN 'runs out on ' || CAST(CAST(full_at AS DATE) AS TEXT) || '; more is there on ' || CAST(ready_on AS TEXT)
            WHEN 'runs out'  THEN 'runs out on ' || CAST(CAST(full_at AS DATE) AS TEXT) || ', and none is ordered'
            WHEN 'lasts'     THEN 'lasts at least until ' || CAST(CAST(full_at AS DATE) AS TEXT) END  AS detail,
       CASE finding
            WHEN 'lasts'     THEN full_at - $capacity_horizon
            WHEN 'ordered'   THEN CAST(ready_on AS TIMESTAMP) + INTERVAL 1 DAY END  AS flips_at
FROM judged
LEFT JOIN (SELECT id AS system_id, max(name) AS name, bool_or(in_operation IS NOT FALSE) AS serves FROM systems GROUP BY id) AS system
       USING (system_id)
-- Not applicable: what serves nobody any more.
WHERE system.serves IS NOT FALSE
