/** Extended statistics (manual, "CREATE STATISTICS"). */

import { afterwards, isOwn } from "./member.ts";

const STATISTICS = "format('statistics %I.%I', n.nspname, s.stxname)";

export const STATISTICS_OBJECTS = `
  select 'statistics' as kind, substr(${STATISTICS}, 12) as name, array[tn.nspname, t.relname]::text[] as part_of,
         array[pg_get_statisticsobjdef(s.oid)]
         || case when s.stxstattarget >= 0
              then array[format('alter %s set statistics %s', ${STATISTICS}, s.stxstattarget)] else '{}' end
         || ${afterwards(STATISTICS, "pg_statistic_ext", "s.oid", "s.stxowner")} as create,
         'drop ' || ${STATISTICS} as drop
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
    join pg_class t on t.oid = s.stxrelid join pg_namespace tn on tn.oid = t.relnamespace
   where ${isOwn("pg_statistic_ext", "s.oid")}`;
