/*---
title    = "Every topic has its policy"
promise  = "For every topic that the company wants a policy on, one is published."
why      = "A topic without a policy is decided by whoever happens to be asked."
clauses  = ["ISO/IEC 27001:2022 A.5.1", "ISO/IEC 27001:2013 A.5.1.1"]
kind     = "state"
severity = "medium"
owner    = "security-lead"
---*/
SELECT topic.source || '/' || topic.id                                       AS subject,
       coalesce(topic.title, topic.id)                                       AS label,
       count(policy.version_id) > 0                                          AS ok,
       CASE WHEN count(policy.version_id) > 0   THEN 'published: ' || string_agg(policy.title, ', ' ORDER BY policy.title)
            WHEN count(policy.id) > 0           THEN 'has a policy that was never published'
            ELSE 'has no policy' END                                         AS detail
FROM policy_topics AS topic
LEFT JOIN policies AS policy ON policy.source = topic.source AND policy.topic_id = topic.id
GROUP BY topic.source, topic.id, topic.title
