/*---
title    = "Every asset has an owner"
promise  = "Every device in use and every system in operation has an owner who works here."
why      = "What nobody owns nobody updates, nobody reviews and nobody misses."
clauses  = ["ISO/IEC 27001:2022 A.5.9", "ISO/IEC 27001:2013 A.8.1.2"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
warn     = "14 days"
---*/
WITH assets AS (
    SELECT 'device/' || source || '/' || id AS subject, coalesce(name, id) AS label, 'devices' AS kept_in, source, owner_id, in_use AS used
    FROM devices
    WHERE in_use IS NOT FALSE
    UNION ALL
    SELECT 'system/' || source || '/' || id, coalesce(name, id), 'systems', source, owner_id, in_operation
    FROM systems
    WHERE in_operation IS NOT FALSE
),
person AS (
    SELECT id, max(name) AS name, bool_or(current) AS current, bool_or(current IS NULL) AS some_unknown,
           max(ended_on) AS ended_on, bool_or(ended_on IS NULL) AS open_ended
    FROM engagements
    GROUP BY id
),
owned AS (
    SELECT assets.*, person.name, person.ended_on, person.open_ended,
           CASE WHEN assets.owner_id IS NULL AND untold.source IS NOT NULL   THEN NULL
                WHEN person.id IS NULL                                       THEN false
                WHEN person.current                                          THEN true
                WHEN person.some_unknown                                     THEN NULL
                ELSE false END                                               AS has_owner
    FROM assets
    LEFT JOIN person ON person.id = assets.owner_id
    LEFT JOIN (
        SELECT DISTINCT source, table_name FROM gaps WHERE column_name = 'owner_id'
    ) AS untold ON untold.source = assets.source AND untold.table_name = assets.kept_in
)
SELECT subject,
       label,
       CASE WHEN has_owner                    THEN true
            WHEN NOT has_owner AND used       THEN false END                              AS ok,
       CASE WHEN owner_id IS NULL AND has_owner IS NULL      THEN 'whose it is was not told'
            WHEN owner_id IS NULL                            THEN 'has no owner'
            WHEN has_owner                                   THEN 'belongs to ' || coalesce(name, owner_id)
            WHEN has_owner IS NULL                           THEN 'belongs to ' || coalesce(name, owner_id) || ', whose first day is unknown'
            WHEN ended_on < CAST($as_of AS DATE)             THEN 'belongs to ' || coalesce(name, owner_id) || ', who left on ' || CAST(ended_on AS TEXT)
            WHEN name IS NOT NULL                            THEN 'belongs to ' || name || ', who has not begun'
            ELSE 'belongs to ' || owner_id || ', whom no list of people knows' END        AS detail,
       CASE WHEN has_owner AND NOT open_ended THEN CAST(ended_on AS TIMESTAMP) + INTERVAL 1 DAY END  AS flips_at
FROM owned
