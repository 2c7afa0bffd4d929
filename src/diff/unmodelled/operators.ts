/** Operators, and the families and classes by which indexes know them (manual, "CREATE OPERATOR", "CREATE OPERATOR CLASS"). */

import { afterwards, isOwn } from "./member.ts";

const OPERATOR = "format('operator %s', o.oid::regoperator)";
const FAMILY = "format('operator family %I.%I using %I', fn.nspname, f.opfname, am.amname)";
const CLASS = "format('operator class %I.%I using %I', cn.nspname, c.opcname, am.amname)";

export const OPERATORS = `
  select 'operator' as kind, o.oid::regoperator::text as name, null::text[] as part_of,
         array[format('create operator %I.%s (%s)', n.nspname, o.oprname, concat_ws(', ',
           'function = ' || o.oprcode,
           'leftarg = ' || nullif(format_type(nullif(o.oprleft, 0), null), '-'),
           'rightarg = ' || nullif(format_type(nullif(o.oprright, 0), null), '-'),
           (select format('commutator = operator(%I.%s)', x.nspname, p.oprname)
              from pg_operator p join pg_namespace x on x.oid = p.oprnamespace where p.oid = o.oprcom),
           (select format('negator = operator(%I.%s)', x.nspname, p.oprname)
              from pg_operator p join pg_namespace x on x.oid = p.oprnamespace where p.oid = o.oprnegate),
           'restrict = ' || nullif(o.oprrest, 0), 'join = ' || nullif(o.oprjoin, 0),
           case when o.oprcanhash then 'hashes' end, case when o.oprcanmerge then 'merges' end))]
         || ${afterwards(OPERATOR, "pg_operator", "o.oid", "o.oprowner")} as create,
         'drop ' || ${OPERATOR} as drop
    from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
   where o.oprcode <> 0 and ${isOwn("pg_operator", "o.oid")}`;

/** The members that belong to a class itself, as its definition lists them. */
const CLASS_MEMBERS = `(
  select string_agg(member, ', ' order by sort, number) from (
    select 1 as sort, m.amopstrategy as number,
           format('operator %s %s%s', m.amopstrategy, m.amopopr::regoperator,
             case when m.amopsortfamily <> 0 then (select format(' for order by %I.%I', sn.nspname, sf.opfname)
               from pg_opfamily sf join pg_namespace sn on sn.oid = sf.opfnamespace where sf.oid = m.amopsortfamily) else '' end) as member
      from pg_amop m join pg_depend d on d.classid = 'pg_amop'::regclass and d.objid = m.oid
     where d.refclassid = 'pg_opclass'::regclass and d.refobjid = c.oid
    union all
    select 2, p.amprocnum, format('function %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, null),
             format_type(p.amprocrighttype, null), p.amproc::regprocedure)
      from pg_amproc p join pg_depend d on d.classid = 'pg_amproc'::regclass and d.objid = p.oid
     where d.refclassid = 'pg_opclass'::regclass and d.refobjid = c.oid
    union all
    select 3, 0, 'storage ' || format_type(c.opckeytype, null) where c.opckeytype <> 0) as members)`;

export const OPERATOR_CLASSES = `
  select 'operator family' as kind, substr(${FAMILY}, 17) as name, null::text[] as part_of,
         array['create ' || ${FAMILY}] || ${
  afterwards(FAMILY, "pg_opfamily", "f.oid", "f.opfowner")
} as create,
         'drop ' || ${FAMILY} as drop
    from pg_opfamily f join pg_namespace fn on fn.oid = f.opfnamespace join pg_am am on am.oid = f.opfmethod
   where ${isOwn("pg_opfamily", "f.oid")}
  union all
  select 'operator class', substr(${CLASS}, 16), null,
         array[format('create operator class %I.%I%s for type %s using %I family %I.%I as %s', cn.nspname, c.opcname,
           case when c.opcdefault then ' default' else '' end, format_type(c.opcintype, null), am.amname,
           fn.nspname, f.opfname, coalesce(${CLASS_MEMBERS}, 'storage ' || format_type(c.opcintype, null)))]
         || ${afterwards(CLASS, "pg_opclass", "c.oid", "c.opcowner")},
         'drop ' || ${CLASS}
    from pg_opclass c join pg_namespace cn on cn.oid = c.opcnamespace join pg_am am on am.oid = c.opcmethod
    join pg_opfamily f on f.oid = c.opcfamily join pg_namespace fn on fn.oid = f.opfnamespace
   where ${isOwn("pg_opclass", "c.oid")}`;
