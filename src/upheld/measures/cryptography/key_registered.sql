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
           string_agg(DISTINCT system_id, ', ' ORDER BY system_id)           AS places,
           max(holder)                                                       AS holder,
           bool_or(state IS NOT NULL)                                        AS surely
    FROM keys
    -- Not applicable: what was destroyed leaves a row, but no key.
    WHERE coalesce(state, 'unknown') <> 'destroyed'
    GROUP BY fingerprint
),
person AS (
    SELECT id, max(name) AS name, bool_or(current) AS current, bool_or(current IS NULL) AS some_unknown
    FROM engagements
    GROUP BY id
),
registered AS (
    SELECT register.fingerprint,
           bool_or(person.current)                                           AS owned,
           bool_or(person.some_unknown)                                      AS some_unknown,
           max(coalesce(person.name, register.owner_id))                     AS owner_name,
           bool_or(register.owner_id IS NOT NULL)                            AS named
    FROM registered_keys AS register
    LEFT JOIN person ON person.id = register.owner_id
    GROUP BY register.fingerprint
)
SELECT found.fingerprint                                                                  AS subject,
       found.purpose || ' key ' || coalesce(found.holder, found.fingerprint) || ' on ' || found.places  AS label,
       CASE WHEN registered.owned                             THEN true
            WHEN registered.some_unknown                      THEN NULL
            WHEN found.surely                                 THEN false END              AS ok,
       CASE WHEN registered.owned                             THEN 'belongs to ' || registered.owner_name
            WHEN registered.some_unknown                      THEN 'whether ' || registered.owner_name || ' works here is unknown'
            WHEN registered.named                             THEN 'its owner ' || registered.owner_name || ' does not work here'
            WHEN registered.fingerprint IS NOT NULL           THEN 'is in the register without an owner'
            ELSE 'is not in the register' END                                             AS detail
FROM found
LEFT JOIN registered ON registered.fingerprint = found.fingerprint
