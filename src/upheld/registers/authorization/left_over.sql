-- All that is still there of the people asked about, by source and table: what a leaver must lose. Read by looking.py.
WITH asked AS (
    SELECT DISTINCT person_id FROM engagements WHERE list_contains($people, id)
),
mine AS (
    SELECT owner.source, owner.account_id, owner.system_id, owner.user_name, owner.label, owner.enabled, owner.person_id
    FROM account_owners AS owner
    JOIN asked USING (person_id)
    WHERE owner.matched_by NOT IN ('owner_ref', 'system_owner')
),
numbers AS (
    SELECT id, person_id FROM engagements JOIN asked USING (person_id)
),
ways AS (
    SELECT source, holder_id AS account_id, entitlement, min(group_id) AS group_id FROM grants WHERE holder_kind = 'account' GROUP BY ALL
)
SELECT person_id, 'account' AS thing, 'accounts' AS table_name, source, system_id, account_id, account_id AS ref, '' AS group_id, label
FROM mine WHERE enabled IS NOT FALSE
UNION ALL
SELECT mine.person_id, 'grant', 'grants', mine.source, held.system_id, mine.account_id, held.entitlement, coalesce(ways.group_id, ''),
       mine.label || ': ' || held.entitlement
FROM effective_grants AS held
JOIN mine USING (source, account_id)
LEFT JOIN ways USING (source, account_id, entitlement)
WHERE held.direct
UNION ALL
SELECT mine.person_id, 'token', 'api_tokens', token.source, token.system_id, token.account_id, token.id, '', 'token of ' || mine.label
FROM api_tokens AS token JOIN mine USING (source, account_id)
WHERE token.active IS NOT FALSE
UNION ALL
SELECT mine.person_id, 'key', 'keys', key.source, key.system_id, mine.account_id, key.id, '', 'key of ' || mine.label
-- One key may let in to several accounts.
FROM keys AS key JOIN mine ON mine.source = key.source AND list_contains(string_split(key.holder, ', '), mine.user_name)
WHERE coalesce(key.state, 'active') = 'active'
UNION ALL
SELECT mine.person_id, 'session', 'sessions', session.source, session.system_id, session.account_id, session.id, '', 'session of ' || mine.label
FROM sessions AS session JOIN mine USING (source, account_id)
UNION ALL
SELECT numbers.person_id, 'badge', 'badges', badge.source, '', '', badge.id, '', coalesce(badge.kind, 'badge') || ' ' || badge.number
FROM badges AS badge JOIN numbers ON numbers.id = badge.person_id
WHERE badge.returned_at IS NULL
UNION ALL
SELECT numbers.person_id, 'zone', 'zone_authorisations', zone.source, '', '', zone.id, '', 'the way into ' || zone.zone_id
FROM zone_authorisations AS zone JOIN numbers ON numbers.id = zone.person_id
WHERE zone.withdrawn_at IS NULL AND coalesce(zone.until_on >= CAST($now AS DATE), true)
UNION ALL
SELECT numbers.person_id, 'asset', 'asset_custodies', custody.source, '', '', custody.id, '', custody.asset_id
FROM asset_custodies AS custody JOIN numbers ON numbers.id = custody.holder_id
WHERE custody.returned_at IS NULL
