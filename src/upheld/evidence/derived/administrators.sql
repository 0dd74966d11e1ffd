SELECT account.source,
       account.id                                                               AS account_id,
       account.system_id,
       CASE WHEN account.privileged OR bool_or(held.privileged)                                                 THEN true
            WHEN account.privileged IS NULL OR bool_or(held.entitlement IS NOT NULL AND held.privileged IS NULL) THEN NULL
            ELSE false END                                                      AS administers,
       string_agg(
           held.entitlement || CASE WHEN held.via = 'directly' THEN '' ELSE ' through ' || held.via END, ', ' ORDER BY held.entitlement
       ) FILTER (WHERE held.privileged)                                         AS how
FROM accounts AS account
LEFT JOIN effective_grants AS held
       ON held.source = account.source AND held.system_id = account.system_id AND held.account_id = account.id
GROUP BY account.source, account.id, account.system_id, account.privileged
