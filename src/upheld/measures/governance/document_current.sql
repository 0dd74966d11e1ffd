/*---
title    = "The published document is current"
promise  = "What is published is the version approved last, says what the programme says today, and was reviewed within the agreed interval."
why      = "A promise that nobody reads again stays published long after it stopped being true."
clauses  = ["ISO/IEC 27001:2022 A.5.1", "ISO/IEC 27001:2013 A.5.1.2", "GDPR 24(1)"]
kind     = "cadence"
severity = "high"
owner    = "security-lead"
warn     = "30 days"
duty     = { do = "Review the published document", action = "document.review", every = "document_review_interval" }
parameters = ["document_review_interval"]
---*/
WITH judged AS (
    SELECT *,
           CASE WHEN published_digest IS NULL                                THEN 'unpublished'
                WHEN approved_digest IS NULL                                 THEN 'unapproved'
                WHEN published_digest <> approved_digest                     THEN 'other'
                WHEN published_digest <> current_digest                      THEN 'changed'
                WHEN reviewed_at IS NULL                                     THEN 'unread'
                WHEN reviewed_at < $as_of - $document_review_interval        THEN 'late'
                WHEN current_digest IS NULL                                  THEN 'unknown'
                ELSE 'current' END                                           AS finding
    FROM published_documents
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       CASE WHEN finding = 'current'     THEN true
            WHEN finding <> 'unknown'    THEN false END                      AS ok,
       CASE finding
            WHEN 'unpublished' THEN 'was never published'
            WHEN 'unapproved'  THEN 'is published, but was never approved'
            WHEN 'other'       THEN 'is published in another version than was approved'
            WHEN 'changed'     THEN 'changed since it was published'
            WHEN 'unread'      THEN 'was never reviewed'
            WHEN 'unknown'     THEN 'whether it changed since it was published is unknown'
            ELSE 'was last reviewed on ' || CAST(CAST(reviewed_at AS DATE) AS TEXT) END  AS detail,
       reviewed_at + $document_review_interval                               AS flips_at
FROM judged
