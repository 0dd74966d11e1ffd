/*---
title    = "Customers can read how their data are disposed of"
promise  = "The current policy on returning, transferring and disposing of personal data is published, and meant for customers."
why      = "Only who knows what becomes of the data at the end can agree to the beginning."
clauses  = ["ISO/IEC 27701:2019 8.4.2", "ISO/IEC 27701:2025 A.2.4.3"]
kind     = "state"
severity = "low"
owner    = "dpo"
subjects = "policies on disposal"
parameters = ["disposal_topic"]
---*/
WITH found AS (
    SELECT count(*)                                                          AS policies,
           count(*) FILTER (WHERE version_id IS NOT NULL)                    AS published,
           count(*) FILTER (WHERE version_id IS NOT NULL AND list_contains(outsiders, 'customer'))  AS meant,
           max(published_at)                                                 AS published_at
    FROM policies
    WHERE topic_id = $disposal_topic
)
SELECT 'disposal'                                                            AS subject,
       'the policy on disposal of personal data'                             AS label,
       meant > 0                                                             AS ok,
       CASE WHEN meant > 0        THEN coalesce('published on ' || CAST(CAST(published_at AS DATE) AS TEXT), 'published')
            WHEN published > 0    THEN 'published, and not meant for customers'
            WHEN policies > 0     THEN 'written, and not published'
            ELSE 'there is no policy on ' || $disposal_topic END             AS detail
FROM found
