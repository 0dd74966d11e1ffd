/*---
title    = "Contacts of authorities are verified"
promise  = "Each jurisdiction that we work in has contacts for supervisory authority, police and emergency, verified within the agreed interval."
why      = "The night of an incident is a bad time to find out that the number has changed."
clauses  = ["ISO/IEC 27001:2022 A.5.5", "ISO/IEC 27001:2013 A.6.1.3"]
kind     = "cadence"
severity = "medium"
owner    = "security-lead"
warn     = "30 days"
duty     = { do = "Try each contact, and say that it is right", action = "governance.verify-contact", every = "contact_verification_interval" }
parameters = ["contact_verification_interval"]
subjects = "jurisdictions and kinds of authority"
---*/
WITH wanted AS (
    SELECT source, id AS jurisdiction_id, title, kind.name AS kind
    FROM jurisdictions CROSS JOIN unnest(['supervisory-authority', 'police', 'emergency']) AS kind(name)
    -- Not applicable: where we do not work yet, or no longer.
    WHERE from_on <= CAST($as_of AS DATE)
      AND coalesce(until_on >= CAST($as_of AS DATE), true)
)
SELECT wanted.source || '/' || wanted.jurisdiction_id || '/' || wanted.kind  AS subject,
       coalesce(wanted.title, wanted.jurisdiction_id) || ', ' || wanted.kind  AS label,
       coalesce(max(contact.verified_at) >= $as_of - $contact_verification_interval, false)  AS ok,
       CASE WHEN count(contact.id) = 0                  THEN 'no contact is known'
            WHEN max(contact.verified_at) IS NULL       THEN 'never verified'
            ELSE 'last verified on ' || CAST(CAST(max(contact.verified_at) AS DATE) AS TEXT) END  AS detail,
       max(contact.verified_at) + $contact_verification_interval             AS flips_at
FROM wanted
LEFT JOIN authority_contacts AS contact USING (source, jurisdiction_id, kind)
GROUP BY wanted.source, wanted.jurisdiction_id, wanted.title, wanted.kind
