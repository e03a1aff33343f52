import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LogAnswer } from "../wire.js";
import { ask } from "./ask.js";

interface Props {
  readonly id: string;
  /** Whether there may be more to come. */
  readonly isUnderWay: boolean;
}

const LOOK_MS = 2000;

/** The last lines that a run printed; asked for while they are unfolded. */
export function LogLines({ id, isUnderWay }: Props): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const [log, setLog] = useState<LogAnswer | null>(null);
  useEffect(() => {
    if (!isOpen) return;
    const left = new AbortController();
    const look = (): void => {
      // The connection's own mark tells of a server that does not answer.
      ask<LogAnswer>(`api/runs/${id}/log`, left.signal).then(setLog, () => {});
    };
    look();
    const timer = isUnderWay ? setInterval(look, LOOK_MS) : undefined;
    return () => {
      clearInterval(timer);
      left.abort();
    };
  }, [id, isOpen, isUnderWay]);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Last lines of its output</summary>
      <Stream name="stdout.log" lines={log?.stdout} />
      <Stream name="stderr.log" lines={log?.stderr} />
    </details>
  );
}

interface StreamProps {
  readonly name: string;
  readonly lines: readonly string[] | null | undefined;
}

function Stream({ name, lines }: StreamProps): JSX.Element {
  return (
    <>
      <h4>{name}</h4>
      {lines === undefined || lines === null || lines.length === 0 ? (
        <p class="soft">{lines === null ? "there is no such file" : "nothing"}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keys
        <pre class="log" tabIndex={0}>
          {lines.join("\n")}
        </pre>
      )}
    </>
  );
}
