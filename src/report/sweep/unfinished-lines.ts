import type { SweepView } from "../components/view.js";

/** A line for every point that is in no mean. */
export function unfinishedLines({ axes, rows }: SweepView): readonly string[] {
  return rows.flatMap((row) =>
    row.members
      .filter(({ status }) => status !== "completed")
      .map(({ seed, hash, run, status, reason }) => {
        const values = axes.map((path, index) => `${path} ${row.axes[index] ?? ""}, `).join("");
        const why = reason === null ? "" : `, ${reason}`;
        return `${values}seed ${seed}: ${status} (${run ?? hash.slice(0, 8)}${why})`;
      }),
  );
}
