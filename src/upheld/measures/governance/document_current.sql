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
scope    = "row"
row      = "published_documents"
---*/
WITH stated AS (
    SELECT *,
           CASE WHEN published_digest IS NULL OR approved_digest IS NULL     THEN false
                ELSE published_digest = approved_digest END                  AS approved,
           CASE WHEN published_digest IS NULL                                THEN false
                ELSE published_digest = current_digest END                   AS same,
           coalesce(reviewed_at >= $as_of - $document_review_interval, false)  AS reviewed
    FROM published_documents
)
SELECT source || '/' || id                                                                AS subject,
       coalesce(title, id)                                                                AS label,
       approved AND same AND reviewed                                                     AS ok,
       CASE WHEN published_digest IS NULL     THEN 'was never published'
            WHEN approved_digest IS NULL      THEN 'is published, but was never approved'
            WHEN NOT approved                 THEN 'is published in another version than was approved'
            WHEN NOT same                     THEN 'changed since it was published'
            WHEN reviewed_at IS NULL          THEN 'was never reviewed'
            WHEN NOT reviewed                 THEN 'was last reviewed on ' || CAST(CAST(reviewed_at AS DATE) AS TEXT)
            WHEN same IS NULL                 THEN 'whether it changed since it was published is unknown'
            ELSE 'is current; reviewed on ' || CAST(CAST(reviewed_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN approved AND same AND reviewed THEN reviewed_at + $document_review_interval END  AS flips_at
FROM stated
