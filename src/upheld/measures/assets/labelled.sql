/*---
title    = "Documents bear their label"
promise  = "Every document in a labelled store bears at least the label that the store, or what is in it, calls for."
why      = "Nobody handles as confidential what does not say that it is."
clauses  = ["ISO/IEC 27001:2022 A.5.13", "ISO/IEC 27001:2013 A.8.2.2"]
kind     = "state"
severity = "low"
owner    = "security-lead"
---*/
WITH ranks AS (
    SELECT class, place
    FROM (VALUES ('public', 1), ('internal', 2), ('confidential', 3), ('strict', 4)) AS scheme(class, place)
),
judged AS (
    SELECT document.source, document.id, document.path, document.label, document.readable,
           coalesce(has.place, 0)                                            AS has,
           greatest(asked.place, called.place)                               AS wants
    FROM store_documents AS document
    LEFT JOIN (SELECT id AS store_id, max(label) AS store_label FROM registered_stores GROUP BY id) AS store USING (store_id)
    LEFT JOIN ranks AS has ON has.class = document.label
    LEFT JOIN ranks AS asked ON asked.class = store.store_label
    LEFT JOIN ranks AS called ON called.class = document.content_class
)
SELECT judged.source || '/' || judged.id                                     AS subject,
       coalesce(judged.path, judged.id)                                      AS label,
       CASE WHEN judged.has >= judged.wants      THEN true
            WHEN judged.readable                 THEN false END              AS ok,
       CASE WHEN judged.readable IS NOT TRUE     THEN 'its label could not be read'
            WHEN judged.has >= judged.wants      THEN 'is labelled ' || judged.label
            ELSE coalesce('is labelled ' || judged.label, 'has no label') || ', and must be ' || ranks.class END  AS detail
FROM judged
LEFT JOIN ranks ON ranks.place = judged.wants
-- Not applicable: where neither the store nor the content calls for a label.
WHERE judged.wants IS NOT NULL
