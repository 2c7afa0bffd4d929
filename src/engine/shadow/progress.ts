/** What a shadow tells while it works. Milliseconds throughout. */

/** Something that the shadow has done, or is about to do. */
export type ShadowProgress =
  /** A database is made, or one taken from a snapshot; `opened` follows. */
  | { readonly type: "opening" }
  | {
    readonly type: "opened";
    readonly database: string;
    /** How many revisions its snapshot had. */
    readonly revisions: number;
    /** Bytes of memory in this process; null for a server's. */
    readonly memory: number | null;
    readonly ms: number;
  }
  | { readonly type: "replayed"; readonly revisions: number; readonly ms: number }
  /** A step is over; what follows may take its time. */
  | { readonly type: "stepped" }
  | { readonly type: "saved"; readonly bytes: number; readonly ms: number };
