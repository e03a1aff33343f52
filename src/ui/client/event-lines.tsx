import type { JSX } from "preact";
import type { LineProblem } from "../../runs/event-scanner.js";
import type { ToldEvent } from "../wire.js";
import { when } from "./when.js";

interface Props {
  readonly told: readonly ToldEvent[];
  readonly problems: readonly LineProblem[];
}

/** What happened to a run but for its steps, the newest first; lines that are no events above all. */
export function EventLines({ told, problems }: Props): JSX.Element {
  return (
    <>
      {problems.length === 0 ? null : (
        <ul class="warnings" aria-label="Lines that are no events">
          {problems.map(({ line, message }) => (
            <li key={line}>
              events.jsonl:{line}: {message}
            </li>
          ))}
        </ul>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keys */}
      <div class="events" role="log" aria-label="Events" tabIndex={0}>
        <table>
          <tbody>
            {told.toReversed().map(({ seq, time, type, text }) => (
              <tr key={seq} class={type}>
                <td class="soft">{when(time, true)}</td>
                <td>{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
