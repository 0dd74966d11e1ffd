/*---
title    = "Incidents are reviewed for what they teach"
promise  = "Every incident of medium severity or above is reviewed for its cause and its lesson within 14 days of being over."
why      = "What is not written down within two weeks is remembered as it should have been."
clauses  = ["ISO/IEC 27001:2022 A.5.27", "ISO/IEC 27001:2013 A.16.1.6"]
kind     = "deadline"
severity = "medium"
owner    = "security-lead"
warn     = "3 days"
subjects = "incidents that are over"
may_be_empty = "no incident of medium severity or above was over"
parameters = ["review_window", "looked_back"]
---*/
WITH reviews AS (
    SELECT source, incident_id AS id, min(reviewed_at) AS reviewed_at
    FROM incident_reviews
    GROUP BY source, incident_id
),
judged AS (
    SELECT incident.source, incident.id, incident.title, incident.severity, incident.resolved_at + $review_window AS by_at, reviews.reviewed_at,
           CASE WHEN reviews.reviewed_at <= incident.resolved_at + $review_window   THEN 'in time'
                WHEN reviews.reviewed_at IS NOT NULL                         THEN 'late'
                WHEN incident.resolved_at + $review_window < $as_of          THEN 'missing'
                ELSE 'waiting' END                                           AS finding
    FROM incidents AS incident
    LEFT JOIN reviews USING (source, id)
    -- Not applicable: what is not over, or was over long ago, and what was slight.
    WHERE incident.resolved_at >= $as_of - $looked_back
      AND coalesce(incident.severity <> 'low', true)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       CASE WHEN finding IN ('in time', 'waiting')                              THEN true
            WHEN severity IS NOT NULL                 THEN false END  AS ok,
       CASE finding
            WHEN 'in time'   THEN 'reviewed on ' || CAST(CAST(reviewed_at AS DATE) AS TEXT)
            WHEN 'late'      THEN 'reviewed on ' || CAST(CAST(reviewed_at AS DATE) AS TEXT) || ', due by ' || CAST(CAST(by_at AS DATE) AS TEXT)
            WHEN 'missing'   THEN 'not reviewed, due by ' || CAST(CAST(by_at AS DATE) AS TEXT)
            ELSE 'to be reviewed by ' || CAST(CAST(by_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN finding = 'waiting' THEN by_at END                          AS flips_at
FROM judged
