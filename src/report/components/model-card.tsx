import type { JSX } from "preact";
import { figure } from "../figures.js";
import { Drawing } from "./drawing.js";
import type { CardView, ModelView } from "./view.js";
import { WordsTable } from "./words-table.js";

/** What a network is made of and costs; of a model of timm, what its run says. */
export function ModelCard({ model }: { readonly model: ModelView }): JSX.Element {
  if (model.kind === "network") return <NetworkCard card={model} />;
  const counted =
    model.parameters === null ? "" : ` with ${figure(model.parameters)} trainable parameters`;
  return (
    <p>
      <code>{model.model}</code>, a model of timm{counted}. Nothing is generated for a peer.
    </p>
  );
}

function NetworkCard({ card }: { readonly card: CardView }): JSX.Element {
  return (
    <>
      <p>
        <strong>{card.name}</strong>, input {card.input} (channels×height×width)
      </p>
      {card.description === null ? null : <p>{card.description}</p>}
      <WordsTable table={card.stages} />
      <WordsTable table={card.counts} />
      <ul class="remarks">
        {card.remarks.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {card.published === null ? null : <WordsTable table={card.published} />}
      {card.checks.map(({ level, text }) => (
        <p key={text} class={`check ${level}`}>
          {level}: {text}
        </p>
      ))}
      <div class="grids">
        {card.grids.map((grid) => (
          <Drawing key={grid.title} picture={grid} />
        ))}
      </div>
    </>
  );
}
