/** How much memory a process takes. */

/**
 * Follows a process until it ends.
 *
 * @returns the most that it had resident, in megabytes, as the kernel kept it (VmHWM); null where there is no /proc
 */
export async function peakMemory(process: Deno.ChildProcess): Promise<number | null> {
  if (Deno.build.os !== "linux") return null;
  let peak = 0, ended = false;
  process.status.then(() => ended = true);
  while (!ended) {
    try {
      const status = await Deno.readTextFile(`/proc/${process.pid}/status`);
      peak = Math.max(peak, Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended in between.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return peak / 1024;
}
