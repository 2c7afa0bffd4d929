/** What belongs to the database's user, as a condition of SQL. */

/** Neither built in nor part of an extension or of another object (manual, "pg_depend"). */
export function isOwn(catalog: string, oid: string): string {
  return `${oid} >= 16384 and not exists (
    select from pg_depend dep
     where dep.classid = '${catalog}'::regclass and dep.objid = ${oid} and dep.deptype in ('e', 'i'))`;
}

/** Statements for what PostgreSQL keeps of every object: its comment, and an owner that is not the session's role. */
export function afterwards(what: string, catalog: string, oid: string, owner?: string): string {
  const comment = `select format('comment on %s is %L', ${what}, obj_description(${oid}, '${catalog}')) as sql
    where obj_description(${oid}, '${catalog}') is not null`;
  const ownedBy = owner === undefined
    ? ""
    : ` union all select format('alter %s owner to %I', ${what}, pg_get_userbyid(${owner}))
    where pg_get_userbyid(${owner}) <> current_user`;
  return `array(select sql from (${comment}${ownedBy}) as s)`;
}
