import type { JSX } from "preact";
import { sweepColumns } from "../sweep/sweep-columns.js";
import { DataTable } from "./data-table.js";
import { Status } from "./status.js";
import type { SweepMember, SweepView } from "./view.js";

interface Props {
  readonly sweep: SweepView;
  /** Where a run's name leads. */
  readonly href: (run: string) => string;
}

/** More of them are folded away. */
const MOST_OPEN = 12;

/** A sweep's means over its seeds, and what is not in them. */
export function SweepTable({ sweep, href }: Props): JSX.Element {
  const columns = sweepColumns(sweep);
  const rows = sweep.rows.map((row) => ({
    key: row.members[0]?.hash ?? "",
    cells: columns.map(({ head, cell }) => {
      const { text, spread, best } = cell(row);
      return (
        <span key={head} class={best ? "best" : undefined}>
          {text}
          {spread === null ? null : <span class="spread"> ± {spread}</span>}
        </span>
      );
    }),
  }));
  return (
    <>
      <DataTable columns={columns.map(({ head, align }) => [head, align] as const)} rows={rows} />
      <p class="soft">{sweep.rule}</p>
      <Unfinished sweep={sweep} href={href} />
    </>
  );
}

/** Every point that is in no mean, and why. */
function Unfinished({ sweep, href }: Props): JSX.Element | null {
  const points = sweep.rows.flatMap(({ axes, members }) =>
    members.map((member) => ({ axes, member })),
  );
  const unfinished = points.filter(({ member }) => member.status !== "completed");
  if (unfinished.length === 0) return null;
  return (
    <details open={unfinished.length <= MOST_OPEN}>
      <summary>
        {unfinished.length} of {points.length} points are in no mean
      </summary>
      <ul>
        {unfinished.map(({ axes, member }) => (
          <li key={member.hash}>
            <Status status={member.status} />{" "}
            {sweep.axes.map((path, index) => `${path} ${axes[index] ?? ""}, `)}
            seed {member.seed}: <Run member={member} href={href} />
            {member.reason === null ? null : `, ${member.reason}`}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Run({
  member: { run, hash },
  href,
}: {
  readonly member: SweepMember;
  readonly href: Props["href"];
}): JSX.Element {
  if (run !== null) return <a href={href(run)}>{run}</a>;
  return (
    <>
      no run of <code>{hash.slice(0, 8)}</code>
    </>
  );
}
