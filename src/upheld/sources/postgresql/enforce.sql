-- What an administrator (a superuser) runs once in the database that the source names, so that Upheld may carry out orders:
-- a role that can call these functions and nothing else; PostgreSQL 14 or newer. Each refuses superusers and what gives administrative rights, but for taking away.
CREATE ROLE upheld_enforcer LOGIN CONNECTION LIMIT 2;
COMMENT ON ROLE upheld_enforcer IS 'owner: security';
CREATE SCHEMA IF NOT EXISTS upheld;
GRANT USAGE ON SCHEMA upheld TO upheld_enforcer;

-- The name of a role that may be touched: not the one that made the cluster, not a superuser, not our own, none of PostgreSQL's.
CREATE FUNCTION upheld.touchable(role oid) RETURNS name LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE found pg_roles;
BEGIN
    SELECT * INTO found FROM pg_roles WHERE pg_roles.oid = role;
    IF found.oid IS NULL THEN RAISE EXCEPTION 'there is no role %', role USING ERRCODE = 'undefined_object'; END IF;
    IF found.oid < 16384 OR found.rolsuper OR found.rolname LIKE 'upheld\_%' THEN
        RAISE EXCEPTION 'role % is a superuser, one of PostgreSQL''s or our own, which these functions do not touch', found.rolname
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN found.rolname;
END $$;

CREATE FUNCTION upheld.set_login(role oid, may boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('ALTER ROLE %I %s', upheld.touchable(role), CASE WHEN may THEN 'LOGIN' ELSE 'NOLOGIN' END);
END $$;

CREATE FUNCTION upheld.grant_role(role oid, member oid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE powerful boolean;
BEGIN
    WITH RECURSIVE above AS (
        SELECT grant_role.role AS oid UNION SELECT pg_auth_members.roleid FROM pg_auth_members JOIN above ON pg_auth_members.member = above.oid
    ) SELECT bool_or(rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR pg_roles.oid < 16384) INTO powerful
      FROM above JOIN pg_roles USING (oid);
    IF powerful THEN
        RAISE EXCEPTION 'role % gives administrative rights, which these functions do not give', role::regrole USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('GRANT %I TO %I', upheld.touchable(role), upheld.touchable(member));
END $$;

CREATE FUNCTION upheld.revoke_role(role oid, member oid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE held record; said text := upheld.touchable(member);
BEGIN
    FOR held IN SELECT DISTINCT roleid::regrole AS role, grantor::regrole AS grantor FROM pg_auth_members
                WHERE roleid = revoke_role.role AND pg_auth_members.member = revoke_role.member LOOP
        EXECUTE format('REVOKE %s FROM %I', held.role, said)
                || CASE WHEN current_setting('server_version_num')::int >= 160000 THEN format(' GRANTED BY %s', held.grantor) ELSE '' END;
    END LOOP;
END $$;

-- kind: table, schema or database; place: its name, schema and dot before it, or a schema and .* for every table.
CREATE FUNCTION upheld.revoke_right(member oid, kind text, privilege text, place text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE said text := upheld.touchable(member); whole text;
BEGIN
    IF privilege !~ '^[A-Z]+$' OR kind NOT IN ('table', 'schema', 'database') THEN
        RAISE EXCEPTION 'no such kind of right: % on a %', privilege, kind USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF kind = 'table' AND place LIKE '%.*' THEN
        whole := format('ALL TABLES IN SCHEMA %I', left(place, -2));
    ELSIF kind = 'table' THEN
        whole := format('TABLE %s', (SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                                     WHERE nspname || '.' || relname = place));
    ELSE
        whole := format('%s %I', upper(kind), place);
    END IF;
    IF whole IS NULL OR whole = 'TABLE ' THEN RAISE EXCEPTION 'there is no % %', kind, place USING ERRCODE = 'undefined_object'; END IF;
    EXECUTE format('REVOKE %s ON %s FROM %I', privilege, whole, said);
END $$;

-- attribute: CREATEROLE, BYPASSRLS or REPLICATION; who is a superuser is not touched.
CREATE FUNCTION upheld.revoke_attribute(role oid, attribute text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF attribute NOT IN ('CREATEROLE', 'BYPASSRLS', 'REPLICATION') THEN
        RAISE EXCEPTION 'the attribute % is not taken by these functions', attribute USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('ALTER ROLE %I NO%s', upheld.touchable(role), attribute);
END $$;

-- verifier: as SCRAM keeps it, made by whoever calls, so that no password is in a statement or a log.
CREATE FUNCTION upheld.set_verifier(role oid, verifier text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
        RAISE EXCEPTION 'that is no SCRAM verifier' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', upheld.touchable(role), verifier);
END $$;

-- A role that may sign in, in no other role and with no attribute that administers; number: whose it is, as the list of people says.
CREATE FUNCTION upheld.create_login(name text, verifier text, number text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- PostgreSQL would cut a longer name short, and make another role than was asked for.
    IF octet_length(name) NOT BETWEEN 1 AND 63 OR name LIKE 'pg\_%' OR name LIKE 'upheld\_%' THEN
        RAISE EXCEPTION 'the name % is too long, or not for people', name USING ERRCODE = 'invalid_name';
    END IF;
    IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
        RAISE EXCEPTION 'that is no SCRAM verifier' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L', name, verifier);
    EXECUTE format('COMMENT ON ROLE %I IS %L', name, 'person: ' || number);
END $$;

-- A digest that tells one password from the next and opens neither: verifiers hold a salt of their own.
CREATE FUNCTION upheld.secret_mark(role oid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(encode(sha256(convert_to(rolpassword, 'UTF8')), 'hex'), 'none') FROM pg_authid WHERE pg_authid.oid = role
$$;

CREATE FUNCTION upheld.sessions_of(role oid) RETURNS TABLE (pid integer, started_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT pid, backend_start FROM pg_stat_activity WHERE usesysid = role
$$;

CREATE FUNCTION upheld.end_sessions(role oid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM upheld.touchable(role);
    RETURN (SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE usesysid = role);
END $$;

DO $$
DECLARE made regprocedure;
BEGIN
    FOR made IN SELECT oid FROM pg_proc WHERE pronamespace = 'upheld'::regnamespace
                AND proname IN ('touchable', 'set_login', 'grant_role', 'revoke_role', 'revoke_right', 'revoke_attribute', 'set_verifier', 'create_login',
                                'secret_mark', 'sessions_of', 'end_sessions') LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', made);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO upheld_enforcer', made);
    END LOOP;
END $$;
