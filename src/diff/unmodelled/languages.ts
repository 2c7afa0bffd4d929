/** Procedural languages that are no extensions (manual, "CREATE LANGUAGE"). */

import { afterwards, isOwn } from "./member.ts";

const LANGUAGE = "format('language %I', l.lanname)";

export const LANGUAGES = `
  select 'language' as kind, quote_ident(l.lanname) as name, null::text[] as part_of,
         array[format('create %s%s handler %s%s%s', case when l.lanpltrusted then 'trusted ' else '' end, ${LANGUAGE},
           l.lanplcallfoid::regproc,
           case when l.laninline <> 0 then ' inline ' || l.laninline::regproc else '' end,
           case when l.lanvalidator <> 0 then ' validator ' || l.lanvalidator::regproc else '' end)]
         || ${afterwards(LANGUAGE, "pg_language", "l.oid", "l.lanowner")} as create,
         'drop ' || ${LANGUAGE} as drop
    from pg_language l where l.lanispl and ${isOwn("pg_language", "l.oid")}`;
