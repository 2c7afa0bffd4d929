/** Configurations, dictionaries, parsers and templates of text search (manual, "CREATE TEXT SEARCH CONFIGURATION"). */

import { afterwards, isOwn } from "./member.ts";

const CONFIGURATION = "format('text search configuration %I.%I', n.nspname, c.cfgname)";
const DICTIONARY = "format('text search dictionary %I.%I', n.nspname, d.dictname)";
const PARSER = "format('text search parser %I.%I', n.nspname, p.prsname)";
const TEMPLATE = "format('text search template %I.%I', n.nspname, t.tmplname)";

export const TEXT_SEARCH = `
  select 'text search template' as kind, substr(${TEMPLATE}, 22) as name, null::text[] as part_of,
         array[format('create %s (%slexize = %s)', ${TEMPLATE},
           case when t.tmplinit <> 0 then 'init = ' || t.tmplinit || ', ' else '' end, t.tmpllexize)]
         || ${afterwards(TEMPLATE, "pg_ts_template", "t.oid")} as create,
         'drop ' || ${TEMPLATE} as drop
    from pg_ts_template t join pg_namespace n on n.oid = t.tmplnamespace where ${
  isOwn("pg_ts_template", "t.oid")
}
  union all
  select 'text search parser', substr(${PARSER}, 20), null,
         array[format('create %s (start = %s, gettoken = %s, end = %s, lextypes = %s%s)', ${PARSER}, p.prsstart, p.prstoken,
           p.prsend, p.prslextype, case when p.prsheadline <> 0 then ', headline = ' || p.prsheadline else '' end)]
         || ${afterwards(PARSER, "pg_ts_parser", "p.oid")},
         'drop ' || ${PARSER}
    from pg_ts_parser p join pg_namespace n on n.oid = p.prsnamespace where ${isOwn("pg_ts_parser", "p.oid")}
  union all
  select 'text search dictionary', substr(${DICTIONARY}, 24), null,
         array[format('create %s (template = %I.%I%s)', ${DICTIONARY}, tn.nspname, t.tmplname, ', ' || d.dictinitoption)]
         || ${afterwards(DICTIONARY, "pg_ts_dict", "d.oid", "d.dictowner")},
         'drop ' || ${DICTIONARY}
    from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace
    join pg_ts_template t on t.oid = d.dicttemplate join pg_namespace tn on tn.oid = t.tmplnamespace
   where ${isOwn("pg_ts_dict", "d.oid")}
  union all
  select 'text search configuration', substr(${CONFIGURATION}, 27), null,
         array[format('create %s (parser = %I.%I)', ${CONFIGURATION}, pn.nspname, p.prsname)]
         || ${afterwards(CONFIGURATION, "pg_ts_config", "c.oid", "c.cfgowner")},
         'drop ' || ${CONFIGURATION}
    from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace
    join pg_ts_parser p on p.oid = c.cfgparser join pg_namespace pn on pn.oid = p.prsnamespace
   where ${isOwn("pg_ts_config", "c.oid")}`;

/** Which dictionaries a configuration has for each kind of token: one object each, since one can change alone. */
export const TEXT_SEARCH_MAPPINGS = `
  select 'text search mapping' as kind, format('%I.%I for %s', n.nspname, c.cfgname, m.tokens) as name,
         array[n.nspname, c.cfgname]::text[] as part_of,
         array[format('alter %s add mapping for %s with %s', ${CONFIGURATION}, m.tokens, m.dictionaries)] as create,
         format('alter %s drop mapping for %s', ${CONFIGURATION}, m.tokens) as drop
    from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace
    cross join lateral (
      select string_agg(token, ', ' order by number) as tokens, dictionaries from (
        select k.maptokentype as number, tt.alias as token,
               string_agg(format('%I.%I', dn.nspname, d.dictname), ', ' order by k.mapseqno) as dictionaries
          from pg_ts_config_map k join pg_ts_dict d on d.oid = k.mapdict join pg_namespace dn on dn.oid = d.dictnamespace
          join ts_token_type(c.cfgparser) tt on tt.tokid = k.maptokentype
         where k.mapcfg = c.oid group by k.maptokentype, tt.alias) as by_token
       group by dictionaries) as m
   where ${isOwn("pg_ts_config", "c.oid")}`;
