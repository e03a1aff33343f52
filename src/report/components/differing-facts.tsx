import type { JSX } from "preact";
import { DataTable } from "./data-table.js";
import type { DifferingFact } from "./view.js";

interface Props {
  readonly facts: readonly DifferingFact[];
  readonly href: (run: string) => string;
}

/** More runs of one value are counted. */
const MOST_NAMED = 3;

/** What tells the making of some runs apart: versions, code, machines. */
export function DifferingFacts({ facts, href }: Props): JSX.Element {
  if (facts.length === 0)
    return <p>All runs were made with the same code, versions and machine.</p>;
  const rows = facts.flatMap(({ name, values }) =>
    values.map(({ value, runs }, index) => ({
      key: `${name} ${value}`,
      cells: [
        index === 0 ? name : "",
        value,
        `${runs.length}`,
        <Named key="runs" runs={runs} href={href} />,
      ],
    })),
  );
  return (
    <DataTable
      columns={[
        ["", "left"],
        ["value", "left"],
        ["runs", "right"],
        ["", "left"],
      ]}
      rows={rows}
    />
  );
}

function Named({
  runs,
  href,
}: {
  readonly runs: readonly string[];
  readonly href: Props["href"];
}): JSX.Element {
  const named = runs.slice(0, MOST_NAMED);
  const others = runs.length - named.length;
  return (
    <>
      {named.map((run, index) => (
        <>
          {index === 0 ? null : ", "}
          <a key={run} href={href(run)}>
            {run}
          </a>
        </>
      ))}
      {others > 0 ? ` and ${others} more` : null}
    </>
  );
}
