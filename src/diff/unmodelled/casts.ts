/** Casts and transforms (manual, "CREATE CAST", "CREATE TRANSFORM"). */

import { afterwards, isOwn } from "./member.ts";

const CAST = "format('cast (%s as %s)', format_type(c.castsource, null), format_type(c.casttarget, null))";
const TRANSFORM = "format('transform for %s language %I', format_type(t.trftype, null), l.lanname)";

export const CASTS = `
  select 'cast' as kind, substr(${CAST}, 6) as name, null::text[] as part_of,
         array[format('create %s %s%s', ${CAST},
           case c.castmethod when 'f' then 'with function ' || c.castfunc::regprocedure
                             when 'i' then 'with inout' else 'without function' end,
           case c.castcontext when 'a' then ' as assignment' when 'i' then ' as implicit' else '' end)]
         || ${afterwards(CAST, "pg_cast", "c.oid")} as create,
         'drop ' || ${CAST} as drop
    from pg_cast c where ${isOwn("pg_cast", "c.oid")}
  union all
  select 'transform', substr(${TRANSFORM}, 11), null,
         array[format('create %s (%s)', ${TRANSFORM}, concat_ws(', ',
           case when t.trffromsql <> 0 then 'from sql with function ' || t.trffromsql::regprocedure end,
           case when t.trftosql <> 0 then 'to sql with function ' || t.trftosql::regprocedure end))]
         || ${afterwards(TRANSFORM, "pg_transform", "t.oid")},
         'drop ' || ${TRANSFORM}
    from pg_transform t join pg_language l on l.oid = t.trflang where ${isOwn("pg_transform", "t.oid")}`;
