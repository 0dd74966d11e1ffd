/*---
title    = "Outsiders are given the policies meant for them"
promise  = "Every supplier, customer or visitor whom a policy is meant for was given its current version, and it is known when and how."
why      = "Nobody can keep rules that they were never given."
clauses  = ["ISO/IEC 27001:2022 A.5.1", "ISO/IEC 27001:2013 A.5.1.1"]
kind     = "state"
severity = "medium"
owner    = "security-lead"
subjects = "policies and outside parties"
may_be_empty = "a company may mean its policies for nobody outside"
---*/
WITH meant AS (
    SELECT policy.source, policy.id, policy.title, policy.version_id, outsider.kind
    FROM policies AS policy CROSS JOIN unnest(policy.outsiders) AS outsider(kind)
    -- Not applicable: what was never published.
    WHERE policy.version_id IS NOT NULL
)
SELECT meant.source || '/' || meant.id || '/' || party.id                    AS subject,
       coalesce(meant.title, meant.id) || ', ' || coalesce(party.title, party.id)  AS label,
       count(given.given_at) > 0                                                   AS ok,
       CASE WHEN count(given.given_at) > 0   THEN 'given on ' || CAST(CAST(min(given.given_at) AS DATE) AS TEXT) || ', ' || coalesce(min(given.how), 'nobody said how')
            ELSE 'was not given the current version' END                     AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM meant
JOIN outside_parties AS party USING (source, kind)
LEFT JOIN policy_handovers AS given
       ON given.source = meant.source AND given.version_id = meant.version_id AND given.party_id = party.id
-- Not applicable: who has nothing to do with us yet, or any more.
WHERE party.from_on <= CAST($as_of AS DATE)
  AND coalesce(party.until_on >= CAST($as_of AS DATE), true)
GROUP BY meant.source, meant.id, meant.title, party.id, party.title
