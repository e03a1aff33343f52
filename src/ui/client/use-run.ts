import { useEffect, useState } from "preact/hooks";
import type { RunView } from "../../report/components/view.js";
import type { RunAnswer } from "../wire.js";
import { adoptStyles } from "./adopt-styles.js";
import { ask, NotFound } from "./ask.js";
import type { Live } from "./live.js";
import { RunState } from "./run-state.js";

/** What a page has of the run that it shows. */
export interface ShownRun {
  readonly view: RunView;
  readonly dir: string;
  readonly state: RunState;
  /** Another one whenever the state has changed. */
  readonly turn: number;
}

/** Events come in bursts; a chart need not be drawn more often. */
const DRAW_MS = 150;
const REWORD_MS = 500;

/** Reads a run and follows it; `"none"` where there is no such run, `null` until it is read. */
export function useRun(live: Live, id: string): ShownRun | "none" | null {
  const [shown, setShown] = useState<ShownRun | "none" | null>(null);
  // It may appear later; and once it was there, what is known of it stays.
  const [isKnown, setKnown] = useState(false);
  if (!isKnown && live.rows.has(id)) setKnown(true);
  useEffect(() => {
    if (!isKnown) return;
    const left = new AbortController();
    const path = `api/runs/${id}`;
    let unfollow = (): void => {};
    let drawing: ReturnType<typeof setTimeout> | undefined;
    let rewording: ReturnType<typeof setTimeout> | undefined;

    const update = (change: Partial<ShownRun>): void =>
      setShown((before) =>
        before === null || before === "none"
          ? before
          : { ...before, ...change, turn: before.turn + 1 },
      );
    const reword = async (): Promise<void> => {
      rewording = undefined;
      update({ view: drawable((await ask<RunAnswer>(path, left.signal)).view) });
    };
    const read = async (): Promise<void> => {
      unfollow();
      const answer = await ask<RunAnswer>(path, left.signal);
      const state = new RunState(answer);
      setShown({ view: drawable(answer.view), dir: answer.dir, state, turn: 0 });
      unfollow = live.follow(answer, {
        events: (message) => {
          if (state.take(message)) rewording ??= setTimeout(() => reword().catch(fail), REWORD_MS);
          drawing ??= setTimeout(() => {
            drawing = undefined;
            update({});
          }, DRAW_MS);
        },
        reset: () => read().catch(fail),
      });
    };
    const fail = (error: unknown): void => {
      // What else can fail is the connection, which has its own mark and is tried again.
      if (error instanceof NotFound) setShown("none");
    };
    read().catch(fail);
    return () => {
      left.abort();
      clearTimeout(drawing);
      clearTimeout(rewording);
      unfollow();
    };
  }, [live, id, isKnown]);
  return shown ?? (!isKnown && live.connection === "live" ? "none" : null);
}

function drawable(view: RunView): RunView {
  const { model } = view;
  if (model.kind === "peer") return view;
  return { ...view, model: { ...model, grids: model.grids.map(adoptStyles) } };
}
