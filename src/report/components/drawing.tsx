import type { ComponentChildren, JSX } from "preact";
import type { Picture } from "./view.js";

interface Props {
  readonly picture: Picture;
  readonly caption?: ComponentChildren;
}

/** A drawing in place, with its caption below. */
export function Drawing({ picture, caption }: Props): JSX.Element {
  return (
    <figure>
      <div class="drawing" dangerouslySetInnerHTML={{ __html: picture.svg }} />
      {caption === undefined ? null : <figcaption>{caption}</figcaption>}
    </figure>
  );
}
