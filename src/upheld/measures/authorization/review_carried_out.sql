/*---
title    = "What a review revokes is gone"
promise  = "Every right that a review decided to revoke is gone from its system within the window."
why      = "A review whose decisions nobody carries out is a meeting."
clauses  = ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.9.2.5", "GDPR 32(1)(b)"]
kind     = "deadline"
severity = "high"
owner    = "it-operations"
warn     = "2 days"
subjects = "rights that a review decided to revoke"
parameters = ["revocation_window"]
may_be_empty = "No review decided to revoke anything."
---*/
WITH judged AS (
    SELECT item.source, item.id, item.system_id, item.entitlement, item.decided_at, account.user_name, item.account_id,
           item.decided_at + $revocation_window                              AS by_at,
           CASE WHEN account.id IS NULL                                       THEN 'gone'
                WHEN item.entitlement = '' AND account.enabled IS FALSE       THEN 'gone'
                WHEN item.entitlement <> '' AND held.entitlement IS NULL      THEN 'gone'
                WHEN item.decided_at + $revocation_window >= $as_of           THEN 'to go'
                WHEN item.decided_at IS NULL                                  THEN 'undated'
                WHEN item.entitlement = '' AND account.enabled IS NULL        THEN 'untold'
                ELSE 'left' END                                              AS finding
    FROM review_items AS item
    LEFT JOIN accounts AS account ON account.source = item.told_by AND account.id = item.account_id
    LEFT JOIN effective_grants AS held
           ON held.source = item.told_by AND held.system_id = item.system_id AND held.account_id = item.account_id
          AND held.entitlement = item.entitlement
    WHERE item.decision = 'revoke'
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(user_name, account_id) || ' on ' || system_id || coalesce(': ' || nullif(entitlement, ''), '')  AS label,
       CASE WHEN finding IN ('gone', 'to go')   THEN true
            WHEN finding = 'left'               THEN false END               AS ok,
       CASE finding
            WHEN 'gone'     THEN 'is gone'
            WHEN 'to go'    THEN 'is to go'
            WHEN 'undated'  THEN 'when it was decided is unknown'
            WHEN 'untold'   THEN 'whether the account is switched off is unknown'
            ELSE 'is still there, though it was to go on ' || CAST(CAST(decided_at AS DATE) AS TEXT) END  AS detail,
       CASE finding WHEN 'to go' THEN by_at END                              AS flips_at
FROM judged
