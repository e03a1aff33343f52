import type { JSX } from "preact";
import { Drawing } from "../components/drawing.js";
import { Legend } from "../components/legend.js";
import { SweepTable } from "../components/sweep-table.js";
import type { SectionFigures } from "../figure-files.js";

/** A sweep: its table of means, what accuracy costs, and curves. */
export function SweepSection({ section }: { readonly section: SectionFigures }): JSX.Element {
  const { id, sweep, figures, notes } = section;
  const { name, axes } = sweep.view;
  return (
    <section id={id}>
      <h2>{sweep.declared ? `Sweep ${name}` : "Means over seeds"}</h2>
      <SweepTable sweep={sweep.view} href={(run) => `#${run}`} />
      {figures.length === 0 ? null : (
        <>
          <p class="soft">
            Figures show means over seeds; bars and bands are one sample standard deviation to each
            side. A dashed line is the front: nothing beats its points in both.
            {axes.length === 0 ? null : ` Names: ${axes.join(" · ")}.`}
            {notes.map((note) => ` ${note}`)}
          </p>
          <div class="charts">
            {figures.map(({ name: figure, title, svg, legend, caption }) => (
              <Drawing
                key={figure}
                picture={{ title, svg }}
                caption={
                  <>
                    {caption}
                    {legend.length > 1 ? (
                      <div>
                        <Legend names={legend} />
                      </div>
                    ) : null}
                  </>
                }
              />
            ))}
          </div>
        </>
      )}
    </section>
  );
}
