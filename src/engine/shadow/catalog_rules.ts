/** Which rows of the system catalogs make a schema, and what of them does not count. */

/** How a catalog is read; its rows are called `x`. */
export interface CatalogRule {
  /** Which rows describe what a user has made. */
  readonly where: string;
  /** Columns that differ between equal schemas, or that the definitions in `add` tell better. */
  readonly skip?: readonly string[];
  /** Other expressions for columns. */
  readonly write?: Readonly<Record<string, string>>;
  /** What is told besides the columns. */
  readonly add?: readonly string[];
  /** The arguments of acldefault(), where no rights mean those by default. */
  readonly acl?: string;
  /** Which rows are watched for changes; all by default. */
  readonly watched?: string;
  /**
   * The numbers of the objects that a row describes: when it comes or goes, they and what depends on them are looked at anew.
   * Without, everything is, as it has to be where PostgreSQL finds rows by other things than numbers when it writes
   * definitions: a new operator class may be the default one, a new cast may make another superfluous.
   */
  readonly owners?: readonly string[];
}

/** Numbers from here on are given to what users make. */
const OWN = "x.oid >= 16384";

/** What users make, and what comes with PostgreSQL where somebody has rights on it: those they can change. */
function ownOrGranted(acl: string): string {
  return `(${OWN} or x.${acl} is not null)`;
}

/** What PostgreSQL keeps for itself of a user's tables: TOAST, and what is temporary. */
const LISTED =
  "x.relnamespace not in (select n.oid from pg_catalog.pg_namespace n where n.nspname ~ '^pg_(toast|temp)')";

/**
 * What is never read for a fingerprint, neither by mig nor by PostgreSQL when it writes definitions: statistics, large
 * objects, whom objects belong to once more, and how far subscriptions are.
 */
export const UNREAD: ReadonlySet<string> = new Set([
  ...["pg_statistic", "pg_statistic_ext_data", "pg_largeobject", "pg_largeobject_metadata"],
  ...["pg_init_privs", "pg_subscription_rel", "pg_user_mapping"],
]);

/** Every catalog of a database, but for statistics, dependencies, large objects and what belongs to the server. */
export const CATALOGS: Readonly<Record<string, CatalogRule>> = {
  pg_aggregate: { where: "x.aggfnoid::oid >= 16384" },
  pg_am: { where: OWN },
  pg_amop: { where: OWN },
  pg_amproc: { where: OWN },
  pg_attrdef: {
    where: OWN,
    owners: ["x.oid", "x.adrelid"],
    skip: ["adnum"],
    add: [columnOf("x.adrelid", "x.adnum"), expression("x.adbin", "x.adrelid")],
  },
  pg_attribute: {
    // Of an index only what statistics are to be kept is not in its definition.
    where: `(x.attrelid >= 16384 or x.attacl is not null) and x.attnum > 0 and not x.attisdropped
      and x.attrelid in (select c.oid from pg_catalog.pg_class c
        where c.relkind <> 't' and (c.relkind <> 'i' and c.relkind <> 'I' or coalesce(x.attstattarget, -1) >= 0))`,
    // System columns come and go with their tables.
    watched: "x.attnum > 0",
    owners: ["x.attrelid"],
    // The order of columns cannot be restored: a column that comes back is the last one.
    skip: ["attnum", "attcacheoff", "atthasmissing", "attmissingval"],
  },
  pg_cast: { where: OWN },
  pg_class: {
    where: `${ownOrGranted("relacl")} and ${LISTED}`,
    owners: ["x.oid"],
    skip: [
      ...["relfilenode", "relpages", "reltuples", "relallvisible", "relallfrozen", "reltoastrelid"],
      ...["relfrozenxid", "relminmxid", "relrewrite", "relnatts"],
      // True until the next VACUUM after the last one has gone.
      ...["relhasindex", "relhasrules", "relhastriggers", "relhassubclass"],
    ],
    add: [
      expression("x.relpartbound", "x.oid"),
      "(select t.reloptions from pg_catalog.pg_class t where t.oid = x.reltoastrelid)",
      // Those of foreign keys, by ALTER TABLE … DISABLE TRIGGER ALL.
      `(select pg_catalog.string_agg(t.tgenabled::text, '' order by t.tgenabled) from pg_catalog.pg_trigger t
         where t.tgrelid = x.oid and t.tgisinternal and t.tgenabled <> 'O')`,
    ],
    acl: "case x.relkind when 'S' then 's'::\"char\" else 'r'::\"char\" end, x.relowner",
  },
  pg_collation: { where: OWN, skip: ["collversion"] },
  pg_constraint: {
    where: OWN,
    owners: ["x.oid", "x.conrelid", "x.contypid"],
    skip: ["conkey", "confkey", "confdelsetcols"],
    add: ["pg_catalog.pg_get_constraintdef(x.oid)"],
  },
  pg_conversion: { where: OWN },
  pg_default_acl: { where: OWN },
  pg_depend: {
    where:
      `x.objid >= 16384 and (x.deptype in ('e', 'x') or x.deptype in ('a', 'i') and x.classid = 'pg_catalog.pg_class'::regclass
        and exists (select from pg_catalog.pg_class c where c.oid = x.objid and c.relkind = 'S'))`,
    owners: ["x.objid"],
    skip: ["classid", "objid", "objsubid", "refclassid", "refobjid", "refobjsubid"],
    add: [
      "pg_catalog.pg_describe_object(x.classid, x.objid, x.objsubid)",
      "pg_catalog.pg_describe_object(x.refclassid, x.refobjid, x.refobjsubid)",
    ],
  },
  pg_description: {
    // Users can own the schema public, and extensions and languages that come with PostgreSQL.
    where: `x.objoid >= 16384 and x.classoid <> 'pg_catalog.pg_subscription'::regclass
      or x.classoid in ('pg_catalog.pg_extension'::regclass, 'pg_catalog.pg_language'::regclass)
      or x.classoid = 'pg_catalog.pg_namespace'::regclass and x.objoid = pg_catalog.to_regnamespace('public')`,
    owners: ["x.objoid"],
    skip: ["objoid", "objsubid", "classoid"],
    add: ["pg_catalog.pg_describe_object(x.classoid, x.objoid, x.objsubid)"],
  },
  pg_enum: {
    where: OWN,
    owners: ["x.enumtypid"],
    skip: ["enumsortorder"],
    add: [
      "(select pg_catalog.count(*) from pg_catalog.pg_enum e where e.enumtypid = x.enumtypid and e.enumsortorder <= x.enumsortorder)",
    ],
  },
  pg_event_trigger: { where: OWN },
  pg_extension: { where: OWN },
  pg_foreign_data_wrapper: { where: OWN, acl: "'F', x.fdwowner" },
  pg_foreign_server: { where: OWN, acl: "'S', x.srvowner" },
  pg_foreign_table: { where: "x.ftrelid >= 16384" },
  pg_index: {
    where: `x.indexrelid >= 16384
      and exists (select from pg_catalog.pg_class c where c.oid = x.indrelid and c.relkind <> 't')`,
    owners: ["x.indexrelid", "x.indrelid"],
    skip: ["indkey", "indcheckxmin"],
    add: ["pg_catalog.pg_get_indexdef(x.indexrelid)"],
  },
  pg_inherits: { where: "x.inhrelid >= 16384", owners: ["x.inhrelid", "x.inhparent"] },
  pg_language: { where: ownOrGranted("lanacl"), acl: "'l', x.lanowner" },
  pg_namespace: {
    where: `(${ownOrGranted("nspacl")} or x.nspname = 'public') and x.nspname !~ '^pg_(toast|temp)'`,
    owners: ["x.oid"],
    acl: "'n', x.nspowner",
  },
  pg_opclass: { where: OWN },
  pg_operator: { where: OWN },
  pg_opfamily: { where: OWN },
  pg_partitioned_table: {
    where: "x.partrelid >= 16384",
    owners: ["x.partrelid"],
    skip: ["partattrs"],
    add: ["pg_catalog.pg_get_partkeydef(x.partrelid)"],
  },
  pg_policy: {
    where: OWN,
    owners: ["x.oid", "x.polrelid"],
    add: [expression("x.polqual", "x.polrelid"), expression("x.polwithcheck", "x.polrelid")],
    // 0 is everybody.
    write: {
      polroles:
        "(select pg_catalog.array_agg(r order by r) from (select case e when 0 then 'public' else e::regrole::text end as r from pg_catalog.unnest(x.polroles) e) as e)",
    },
  },
  pg_proc: {
    where: ownOrGranted("proacl"),
    // PostgreSQL looks by name for functions of its own schema, to see which of them have to be qualified.
    owners: ["x.oid", "case when x.pronamespace = 'pg_catalog'::regnamespace then x.pronamespace end"],
    add: ["pg_catalog.pg_get_function_arguments(x.oid)", "pg_catalog.pg_get_function_sqlbody(x.oid)"],
    acl: "'f', x.proowner",
  },
  pg_publication: { where: OWN },
  pg_publication_namespace: { where: OWN },
  pg_publication_rel: {
    where: OWN,
    skip: ["prattrs"],
    add: [
      expression("x.prqual", "x.prrelid"),
      "(select pg_catalog.array_agg(a.attname order by a.attname) from pg_catalog.pg_attribute a where a.attrelid = x.prrelid and a.attnum = any(x.prattrs::int2[]))",
    ],
  },
  pg_range: { where: "x.rngtypid >= 16384" },
  pg_rewrite: { where: OWN, owners: ["x.oid", "x.ev_class"], add: ["pg_catalog.pg_get_ruledef(x.oid)"] },
  pg_seclabel: {
    where: "x.objoid >= 16384",
    owners: ["x.objoid"],
    skip: ["objoid", "objsubid", "classoid"],
    add: ["pg_catalog.pg_describe_object(x.classoid, x.objoid, x.objsubid)"],
  },
  pg_sequence: { where: "x.seqrelid >= 16384", owners: ["x.seqrelid"] },
  pg_statistic_ext: { where: OWN, skip: ["stxkeys"], add: ["pg_catalog.pg_get_statisticsobjdef(x.oid)"] },
  pg_transform: { where: OWN },
  // Those of foreign keys are named after a number, and belong to the constraint.
  pg_trigger: {
    where: `${OWN} and not x.tgisinternal`,
    owners: ["x.oid", "x.tgrelid"],
    skip: ["tgattr"],
    add: ["pg_catalog.pg_get_triggerdef(x.oid)"],
  },
  pg_ts_config: { where: OWN },
  pg_ts_config_map: { where: "x.mapcfg >= 16384" },
  pg_ts_dict: { where: OWN },
  pg_ts_parser: { where: OWN },
  pg_ts_template: { where: OWN },
  // Types of tables and arrays come and go with what they are for.
  pg_type: {
    where: `${
      ownOrGranted("typacl")
    } and not exists (select from pg_catalog.pg_type e where e.oid = x.typelem and e.typarray = x.oid)
      and not exists (select from pg_catalog.pg_class c where c.oid = x.typrelid and c.relkind <> 'c')
      and x.typnamespace not in (select n.oid from pg_catalog.pg_namespace n where n.nspname ~ '^pg_(toast|temp)')`,
    owners: ["x.oid"],
    skip: ["typarray"],
    // The text beside it is what was typed once.
    write: { typdefault: "coalesce(pg_catalog.pg_get_expr(x.typdefaultbin, 0), x.typdefault)" },
    acl: "'T', x.typowner",
  },
};

function columnOf(table: string, number: string): string {
  return `(select a.attname from pg_catalog.pg_attribute a where a.attrelid = ${table} and a.attnum = ${number})`;
}

function expression(tree: string, table: string): string {
  return `pg_catalog.pg_get_expr(${tree}, ${table})`;
}
