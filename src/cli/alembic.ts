/** What people who come from Alembic type, and what the same is called here. */

/** Commands of Alembic that mig has under no name: what to do instead. */
export const ALEMBIC_COMMANDS: Readonly<Record<string, string>> = {
  ensure_version:
    "whatever writes to the version table first makes it; `mig stamp current` makes it and changes nothing else",
  list_templates:
    'a template is a folder in migrations/_templates: `mig new "…" --template NAME` takes the one of that name',
};

const CONFIG = "settings are in mig.json, here or in a folder above; `mig config` shows which";
const SECTION = "another database is an environment of mig.json: `mig --env NAME …`";

/** Options that Alembic takes before its command. */
const GLOBAL: Readonly<Record<string, string>> = {
  "-c": CONFIG,
  "--config": CONFIG,
  "-n": SECTION,
  "--name": SECTION,
  "-x": "values come from the environment: mig.json takes ${VAR}",
  "--raiseerr": "leave it out: --verbose tells more, and --json has all of an error",
};

/** Those of them that take a value: what follows is not the command. */
export const ALEMBIC_VALUED = ["-c", "--config", "--name", "-x"] as const;

const NO_TAG = "leave it out: hooks of mig.json see the environment, so set a variable for them";

/** Options of Alembic that mig has under no name, by mig's command. */
const BY_COMMAND: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  new: {
    "--splice": "leave it out: --parent takes any revision, also one that others follow already",
    "--sql": "leave it out: a new revision is made of files, and no database is asked",
  },
  merge: {
    "--splice": 'to join what is no head: `mig new "…" --parent <revision> --parent <revision>`',
  },
  up: { "--tag": NO_TAG },
  down: { "--tag": NO_TAG },
  stamp: {
    "--tag": NO_TAG,
    "--sql": "the scripts of `mig up --sql` and `mig down --sql` write the version table's rows too",
  },
  history: {
    "-i": "leave it out: where the database is is always marked",
    "--indicate-current": "leave it out: where the database is is always marked",
  },
  heads: {
    "--resolve-dependencies":
      "a head that others depend on is a head here too; `mig graph` draws what depends on it",
  },
};

/** What to do instead of an option of Alembic that the command does not take; undefined for any other. */
export function alembicFlag(command: string, flag: string): string | undefined {
  const own = BY_COMMAND[command] ?? {};
  if (Object.hasOwn(own, flag)) return own[flag];
  return Object.hasOwn(GLOBAL, flag) ? GLOBAL[flag] : undefined;
}
