/*---
title    = "Every key is registered"
promise  = "Every key found on a system is in the register of keys, with an owner who works here."
why      = "A key that nobody registered is nobody's to rotate, and the first that an intruder leaves behind."
clauses  = ["ISO/IEC 27001:2022 A.8.24", "ISO/IEC 27001:2013 A.10.1.2"]
kind     = "state"
severity = "high"
owner    = "it-operations"
---*/
WITH found AS (
    SELECT fingerprint,
           min(purpose)                                                      AS purpose,
           max(holder)                                                       AS holder,
           string_agg(DISTINCT system_id, ', ' ORDER BY system_id)           AS places,
           bool_or(state IS NOT NULL)                                        AS surely
    FROM keys
    -- Not applicable: what was destroyed leaves a row, but no key.
    WHERE coalesce(state, 'unknown') <> 'destroyed'
    GROUP BY fingerprint
),
person AS (
    SELECT id AS owner_id, max(name) AS name, bool_or(current) AS current, bool_or(current IS NULL) AS undated
    FROM engagements
    GROUP BY id
),
registered AS (
    SELECT register.fingerprint,
           max(coalesce(person.name, register.owner_id))                     AS owner_name,
           bool_or(person.current)                                           AS owned,
           bool_or(person.undated)                                           AS undated
    FROM registered_keys AS register
    LEFT JOIN person USING (owner_id)
    GROUP BY register.fingerprint
),
judged AS (
    SELECT found.*, registered.owner_name,
           CASE WHEN registered.owned                     THEN 'owned'
                WHEN registered.undated                   THEN 'undated'
                WHEN registered.owner_name IS NOT NULL    THEN 'left'
                WHEN registered.fingerprint IS NOT NULL   THEN 'nobody'
                ELSE 'unregistered' END                                      AS finding
    FROM found
    LEFT JOIN registered ON registered.fingerprint = found.fingerprint
)
SELECT fingerprint                                                           AS subject,
       purpose || ' key ' || coalesce(holder, fingerprint) || ' on ' || places  AS label,
       CASE WHEN finding = 'owned'                      THEN true
            WHEN finding <> 'undated' AND surely        THEN false END       AS ok,
       CASE finding
            WHEN 'owned'   THEN 'belongs to ' || owner_name
            WHEN 'undated' THEN 'belongs to ' || owner_name || ', whose first day is unknown'
            WHEN 'left'    THEN 'belongs to ' || owner_name || ', who does not work here'
            WHEN 'nobody'  THEN 'is registered without an owner'
            ELSE 'is not registered' END                                     AS detail
FROM judged
