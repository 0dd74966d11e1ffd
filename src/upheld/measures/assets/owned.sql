/*---
title    = "Every asset has an owner"
promise  = "Every device in use, every system in operation and every other asset on the inventory has an owner who works here."
why      = "What nobody owns nobody updates, nobody reviews and nobody misses."
clauses  = ["ISO/IEC 27001:2022 A.5.9", "ISO/IEC 27001:2013 A.8.1.2"]
kind     = "state"
severity = "medium"
subjects = "assets"
owner    = "it-operations"
warn     = "14 days"
optional = ["registered_assets"]
---*/
WITH assets AS (
    SELECT 'device/' || source || '/' || id AS subject, coalesce(name, id) AS label, 'devices' AS table_name, source, owner_id, in_use AS used
    FROM devices
    WHERE in_use IS NOT FALSE
    UNION ALL
    SELECT 'system/' || source || '/' || id, coalesce(name, id), 'systems', source, owner_id, in_operation
    FROM systems
    WHERE in_operation IS NOT FALSE
    UNION ALL
    SELECT 'asset/' || source || '/' || id, coalesce(title, id), 'registered_assets', source, owner_id, true
    FROM registered_assets
    -- Not applicable: what is gone, or is another asset of the inventory.
    WHERE state NOT IN ('disposed', 'merged')
),
person AS (
    SELECT id AS owner_id,
           max(name)                                                         AS name,
           bool_or(current)                                                  AS current,
           max(started_on)                                                   AS started_on,
           max(ended_on)                                                     AS ended_on
    FROM engagements
    GROUP BY id
),
judged AS (
    SELECT assets.subject, assets.label, assets.used, person.ended_on,
           coalesce(person.name, assets.owner_id)                            AS owner_name,
           CASE WHEN person.current                                          THEN 'owned'
                WHEN assets.owner_id IS NULL AND untold.hidden               THEN 'untold'
                WHEN assets.owner_id IS NULL                                 THEN 'nobody'
                WHEN person.ended_on < CAST($as_of AS DATE)                  THEN 'left'
                WHEN person.started_on > CAST($as_of AS DATE)                THEN 'to come'
                WHEN person.owner_id IS NULL                                 THEN 'stranger'
                ELSE 'undated' END                                           AS finding
    FROM assets
    LEFT JOIN person USING (owner_id)
    LEFT JOIN (SELECT DISTINCT source, table_name, true AS hidden FROM gaps WHERE column_name = 'owner_id') AS untold USING (source, table_name)
)
SELECT subject,
       label,
       CASE WHEN finding = 'owned'                                                  THEN true
            WHEN finding IN ('nobody', 'left', 'to come', 'stranger') AND used      THEN false END  AS ok,
       CASE finding
            WHEN 'owned'    THEN 'belongs to ' || owner_name
            WHEN 'untold'   THEN 'whose it is was not told'
            WHEN 'nobody'   THEN 'belongs to nobody'
            WHEN 'left'     THEN 'belongs to ' || owner_name || ', who left on ' || CAST(ended_on AS TEXT)
            WHEN 'to come'  THEN 'belongs to ' || owner_name || ', who has not begun'
            WHEN 'stranger' THEN 'belongs to ' || owner_name || ', whom no list of people knows'
            ELSE 'belongs to ' || owner_name || ', whose first day is unknown' END  AS detail,
       CAST(ended_on AS TIMESTAMP) + INTERVAL 1 DAY                          AS flips_at
FROM judged
