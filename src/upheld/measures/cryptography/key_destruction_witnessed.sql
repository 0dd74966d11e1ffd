/*---
title    = "Keys are destroyed in front of witnesses"
promise  = "Every destroyed key has two witnesses who saw it destroyed, beside whoever did it."
why      = "What a destroyed key could open stays open as long as one copy is left, and nobody can look at what is gone."
clauses  = ["ISO/IEC 27001:2022 A.8.24", "ISO/IEC 27001:2013 A.10.1.2"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
parameters = ["destruction_witnesses"]
optional = ["keys"]
may_be_empty = "no key need ever have been destroyed"
subjects = "destroyed keys"
---*/
WITH witnessed AS (
    SELECT destruction.fingerprint, destruction.title,
           -- Who did it is no witness, and nobody saw it before it happened.
           CASE WHEN witness.person_id <> destruction.destroyed_by AND witness.seen_at >= destruction.destroyed_at
                THEN witness.person_id END                                   AS person_id,
           witness.id IS NOT NULL
               AND (witness.person_id = destruction.destroyed_by OR witness.seen_at < destruction.destroyed_at) IS NULL  AS unclear
    FROM key_destructions AS destruction
    LEFT JOIN key_witnesses AS witness ON witness.source = destruction.source AND witness.destruction_id = destruction.id
),
told AS (
    SELECT fingerprint, title, person_id, unclear
    FROM witnessed
    UNION ALL
    -- A key that does not tell its state is there: it was found.
    SELECT fingerprint, purpose || ' key ' || fingerprint, CAST(NULL AS TEXT), false
    FROM keys
    WHERE state = 'destroyed'
),
judged AS (
    SELECT fingerprint,
           min(title)                                                        AS title,
           count(DISTINCT person_id)                                         AS witnesses,
           bool_or(unclear)                                                  AS unclear
    FROM told
    GROUP BY fingerprint
)
SELECT fingerprint                                                           AS subject,
       coalesce(title, fingerprint)                                          AS label,
       CASE WHEN witnesses >= $destruction_witnesses   THEN true
            WHEN NOT unclear                           THEN false END        AS ok,
       CASE WHEN witnesses = 0   THEN 'no witness'
            WHEN witnesses = 1   THEN 'one witness'
            ELSE CAST(witnesses AS TEXT) || ' witnesses' END                 AS detail
FROM judged
