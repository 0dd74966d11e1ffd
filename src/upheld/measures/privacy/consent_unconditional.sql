/*---
title    = "Consent is no condition of service"
promise  = "In no way to sign up for a service is agreeing to marketing required, and somebody else tried each."
why      = "A consent that one cannot refuse is none (GDPR 7(4))."
clauses  = ["ISO/IEC 27701:2019 8.2.3", "ISO/IEC 27701:2025 A.2.2.4", "GDPR 7"]
kind     = "state"
severity = "medium"
owner    = "dpo"
subjects = "ways to sign up"
---*/
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       -- What nobody else tried is a claim.
       CASE WHEN consent_required THEN false WHEN checked_at IS NOT NULL THEN NOT consent_required END  AS ok,
       'consent required: ' || coalesce(CAST(consent_required AS TEXT), 'not known')
           || coalesce(', tried on ' || CAST(CAST(checked_at AS DATE) AS TEXT), ', nobody else tried it')  AS detail
FROM sign_ups
