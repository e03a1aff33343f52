import type { JSX } from "preact";
import { ModelCard } from "../components/model-card.js";
import type { ModelView } from "../components/view.js";
import { dataUrl, type ErfPicture } from "../erf-pictures.js";
import type { ReportedNetwork } from "../networks.js";

interface Props {
  readonly network: ReportedNetwork;
  readonly erf: readonly ErfPicture[];
}

/** A network that runs have in common: its card, its grids, how far it really looks. */
export function NetworkSection({ network: { id, model, runs }, erf }: Props): JSX.Element {
  return (
    <section id={id}>
      <h2>{networkTitle(model)}</h2>
      <p class="soft">{runs.length === 1 ? "Of one run." : `Of ${runs.length} runs.`}</p>
      <ModelCard model={model} />
      {erf.length === 0 ? null : (
        <>
          <h3>Effective receptive fields</h3>
          <div class="charts">
            {erf.map((picture) => (
              <figure key={picture.of}>
                {picture.embedded ? (
                  <img src={dataUrl(picture)} alt={`Effective receptive field of ${picture.of}`} />
                ) : null}
                <figcaption>
                  {picture.of}
                  {picture.embedded
                    ? null
                    : `: too large for the page, see figures/${picture.file}`}
                </figcaption>
              </figure>
            ))}
          </div>
        </>
      )}
    </section>
  );
}

/** Variants of one network have its name in common: their kernels tell them apart, mostly. */
function networkTitle(model: ModelView): string {
  return model.kind === "network"
    ? `Network ${model.name}, kernels ${model.kernels}`
    : `Network ${model.name}`;
}
