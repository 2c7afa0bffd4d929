/** What of a schema stands in catalogs of the whole server, or is for superusers there. */

/**
 * The names that belong to the whole server and that definitions mention: where one of them is another one than before, every
 * definition is looked at anew.
 */
export const SERVER_NAMES = `
  select (select pg_catalog.string_agg(r.oid || ' ' || r.rolname, E'\\n' order by r.oid) from pg_catalog.pg_roles r),
         (select pg_catalog.string_agg(t.oid || ' ' || t.spcname, E'\\n' order by t.oid) from pg_catalog.pg_tablespace t)`;

/** What stands in no row of an object's own. Roles belong to the whole server, and are made by migrations all the same. */
export const EXTRA_LINES: Readonly<Record<string, string>> = {
  // The catalog itself is for superusers.
  "user mappings":
    `select row(x.srvname, x.usename, x.umoptions)::text as line from pg_catalog.pg_user_mappings x`,
  roles:
    `select row(r.rolname, pg_catalog.shobj_description(r.oid, 'pg_authid'), row(r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication,
         r.rolbypassrls, r.rolconnlimit, r.rolvaliduntil, r.rolconfig),
         (select pg_catalog.array_agg(line order by line) from (
           select pg_catalog.concat(m.roleid::regrole, ' ', pg_catalog.to_jsonb(m) - '{oid,roleid,member,grantor}'::text[]) as line
             from pg_catalog.pg_auth_members m where m.member = r.oid) as m))::text as line
       from pg_catalog.pg_roles r where r.oid >= 16384`,
  settings:
    `select row(s.setdatabase <> 0, s.setrole::regrole, s.setconfig)::text as line from pg_catalog.pg_db_role_setting s
      where s.setdatabase in (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
         or s.setdatabase = 0 and s.setrole < 16384`,
  // A catalog of the whole server. Where a subscription leads to may hold a password, and is for superusers.
  subscriptions: `select row(s.subname, s.subowner::regrole, s.subenabled, s.subslotname, s.subsynccommit,
         (select pg_catalog.array_agg(p order by p) from pg_catalog.unnest(s.subpublications) p),
         pg_catalog.obj_description(s.oid, 'pg_subscription'))::text as line
       from pg_catalog.pg_subscription s join pg_catalog.pg_database d on d.oid = s.subdbid
      where d.datname = pg_catalog.current_database()`,
  database: `select row(d.datdba::regrole, d.datconnlimit, pg_catalog.shobj_description(d.oid, 'pg_database'),
         ${sortedAcl("coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))")})::text as line
       from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()`,
};

function sortedAcl(acl: string): string {
  return `(select pg_catalog.array_agg(a::text order by a::text collate "C") from pg_catalog.unnest(${acl}) a)`;
}
