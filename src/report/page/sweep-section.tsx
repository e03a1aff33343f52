import type { JSX } from "preact";
import { Drawing } from "../components/drawing.js";
import { Legend } from "../components/legend.js";
import { SweepTable } from "../components/sweep-table.js";
import type { ReportedSweep } from "../content.js";
import type { SweepFigure } from "../sweep/sweep-figures.js";

interface Props {
  readonly id: string;
  readonly sweep: ReportedSweep;
  readonly figures: readonly SweepFigure[];
}

/** A sweep: its table of means, what accuracy costs, and curves. */
export function SweepSection({ id, sweep, figures }: Props): JSX.Element {
  return (
    <section id={id}>
      <h2>{sweep.view.name}</h2>
      <SweepTable sweep={sweep.view} href={(run) => `#${run}`} />
      <div class="charts">
        {figures.map(({ name, title, svg, legend, caption }) => (
          <Drawing
            key={name}
            picture={{ title, svg }}
            caption={
              <>
                {legend.length > 1 ? <Legend names={legend} /> : null}
                <span>{caption}</span>
              </>
            }
          />
        ))}
      </div>
    </section>
  );
}
