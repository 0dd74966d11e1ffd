-- Few rights are administrative: only these are gathered.
WITH powers AS (
    SELECT source, system_id, account_id,
           bool_or(privileged)                                                      AS some,
           bool_or(privileged IS NULL)                                              AS untold,
           string_agg(
               entitlement || CASE WHEN via = 'directly' THEN '' ELSE ' through ' || via END, ', ' ORDER BY entitlement
           ) FILTER (WHERE privileged)                                              AS how
    FROM effective_grants
    WHERE privileged IS NOT FALSE
    GROUP BY source, system_id, account_id
)
SELECT account.source,
       account.id                                                                   AS account_id,
       account.system_id,
       CASE WHEN account.privileged OR powers.some               THEN true
            WHEN account.privileged IS NULL OR powers.untold     THEN NULL
            ELSE false END                                                          AS administers,
       powers.how
FROM accounts AS account
LEFT JOIN powers ON powers.source = account.source AND powers.system_id = account.system_id AND powers.account_id = account.id
