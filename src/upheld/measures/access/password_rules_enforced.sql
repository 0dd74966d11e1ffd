/*---
title    = "Password rules are enforced"
promise  = "Each system enforces passwords at least as good as our standard: length, former passwords, quality, locking after failures, storage."
why      = "A rule that stands in a policy and not in the system holds only for those who need no rule."
clauses  = ["ISO/IEC 27001:2022 A.5.17", "ISO/IEC 27001:2013 A.9.4.3", "GDPR 32(1)(b)"]
kind     = "state"
severity = "high"
owner    = "it-operations"
parameters = ["password_length", "password_history", "lock_after", "lock_time", "strong_schemes"]
---*/
WITH rules AS (
    SELECT rule.source, rule.id, rule.name, rule.system_id,
           rule.minimum_length < $password_length                            AS short,
           rule.history < $password_history                                  AS repeated,
           NOT rule.quality_checked                                          AS guessable,
           rule.locks_after = 0 OR rule.locks_after > $lock_after            AS unlocked,
           -- No time is "until an administrator unlocks it", unless the source could not read it.
           CASE WHEN rule.locked_for IS NULL AND untold.source IS NULL THEN false
                ELSE rule.locked_for < $lock_time END                        AS brief,
           NOT list_contains($strong_schemes, rule.scheme)                   AS weak,
           rule.minimum_length, rule.history, rule.locks_after, rule.scheme
    FROM password_rules AS rule
    LEFT JOIN (
        SELECT DISTINCT source FROM gaps WHERE table_name = 'password_rules' AND column_name = 'locked_for'
    ) AS untold ON untold.source = rule.source
)
SELECT rules.source || '/' || rules.id                                                    AS subject,
       coalesce(rules.name, rules.id) || ' on ' || coalesce(system.name, rules.system_id) AS label,
       NOT (rules.short OR rules.repeated OR rules.guessable OR rules.unlocked OR rules.brief OR rules.weak)  AS ok,
       CASE WHEN rules.short OR rules.repeated OR rules.guessable OR rules.unlocked OR rules.brief OR rules.weak
                THEN concat_ws(', ',
                    CASE WHEN rules.short     THEN 'passwords may have ' || rules.minimum_length || ' characters' END,
                    CASE WHEN rules.repeated  THEN 'only ' || rules.history || ' former passwords are refused' END,
                    CASE WHEN rules.guessable THEN 'guessable passwords are taken' END,
                    CASE WHEN rules.unlocked  THEN CASE WHEN rules.locks_after = 0 THEN 'failures never lock' ELSE 'locks only after ' || rules.locks_after || ' failures' END END,
                    CASE WHEN rules.brief     THEN 'locks for too short a time' END,
                    CASE WHEN rules.weak      THEN 'stores passwords as ' || rules.scheme END)
            WHEN (rules.short OR rules.repeated OR rules.guessable OR rules.unlocked OR rules.brief OR rules.weak) IS NULL
                THEN 'unknown: ' || concat_ws(', ',
                    CASE WHEN rules.short IS NULL     THEN 'shortest password' END,
                    CASE WHEN rules.repeated IS NULL  THEN 'former passwords refused' END,
                    CASE WHEN rules.guessable IS NULL THEN 'whether guessable passwords are refused' END,
                    CASE WHEN rules.unlocked IS NULL  THEN 'when it locks' END,
                    CASE WHEN rules.brief IS NULL     THEN 'for how long it locks' END,
                    CASE WHEN rules.weak IS NULL      THEN 'how passwords are stored' END)
            ELSE 'is at least as strict as the standard' END                              AS detail
FROM rules
LEFT JOIN systems AS system ON system.id = rules.system_id
UNION ALL
-- A rule counts for the accounts under it: an account under none that we know may have any password.
SELECT account.source || '/' || account.id,
       account.user_name || ' on ' || coalesce(system.name, account.system_id),
       NULL,
       'which password rules are in force for it is unknown'
FROM accounts AS account
LEFT JOIN password_rules AS rule ON rule.source = account.source AND rule.id = account.password_rule_id
LEFT JOIN systems AS system ON system.id = account.system_id
WHERE account.enabled IS NOT FALSE
  AND account.can_sign_in IS NOT FALSE
  AND coalesce(account.password_scheme, 'unknown') NOT IN ('locked', 'none')
  AND rule.id IS NULL
