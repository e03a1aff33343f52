import { RunStatus } from "../../ir/event.js";
import { nearest } from "../../ir/nearest.js";
import type { IndexedRun } from "../run-index.js";
import type { RunRow } from "../run-row.js";
import { starred } from "../settings-shape.js";
import { settingsAt } from "../settings-values.js";
import { type Kinds, NUMBER, TEXT } from "./kinds.js";
import { knownSettings } from "./known-settings.js";
import { queryMistake, type Written } from "./mistake.js";
import type { WrittenName } from "./name.js";

/** What a name stands for in every run. */
export interface Field extends Kinds {
  readonly source: "column" | "metric" | "setting";
  /** The whole name: a setting's path, a metric's or a column's name. */
  readonly name: string;
  /** Its values in a run, several where it stands for all places of a list; none where it has none. */
  readonly read: (run: IndexedRun) => readonly unknown[];
  /** Whether a run has settings below it. */
  readonly hasBelow: (run: IndexedRun) => boolean;
}

const STATUS: Kinds = { kinds: TEXT.kinds, choices: RunStatus.options };
const COLUMNS: Readonly<Record<Exclude<keyof RunRow, "metrics">, Kinds>> = {
  run: TEXT,
  status: STATUS,
  name: TEXT,
  network: TEXT,
  seed: NUMBER,
  step: NUMBER,
  started: NUMBER,
  updated: NUMBER,
  seconds: NUMBER,
  launcher: TEXT,
  host: TEXT,
  device: TEXT,
  processes: NUMBER,
  reason: TEXT,
  hash: TEXT,
  unseeded: TEXT,
  replayOf: TEXT,
  dir: TEXT,
};
/** Times, in Unix seconds: they may be written as dates. */
export const TIMES: ReadonlySet<string> = new Set(["started", "updated"]);

/** Metrics that fovea's tasks have, whichever runs there are. */
const METRICS = ["top1", "top5", "loss", "miou", "box_ap"];
const METRIC = "metrics.";

/** Names as they stand for something in the runs of a home. */
export class Fields {
  #metrics: ReadonlySet<string>;
  #settings: ReadonlyMap<string, Kinds>;

  constructor(runs: readonly IndexedRun[]) {
    this.#metrics = new Set([...METRICS, ...runs.flatMap(({ row }) => Object.keys(row.metrics))]);
    const settings = new Map(knownSettings());
    // Versions are those of whatever was installed.
    for (const shape of new Set(runs.map((run) => run.shape))) {
      for (const path of shape.paths) if (!settings.has(starred(path))) settings.set(path, TEXT);
    }
    this.#settings = settings;
  }

  /**
   * What a name stands for: a column, else a metric (`top1`, `metrics.top1`), else a setting by its
   * whole path, else a setting by its last name.
   *
   * @throws FoveaError FOV0131 where it is nothing, or the last name of several settings
   */
  resolve(name: WrittenName, written: Written): Field {
    const { path } = name;
    if (Object.hasOwn(COLUMNS, path)) return column(path as keyof typeof COLUMNS);
    const measured = path.startsWith(METRIC) ? path.slice(METRIC.length) : path;
    if (this.#metrics.has(measured)) return metric(measured);
    const kinds = this.#settings.get(starred(path));
    if (kinds !== undefined) return setting(path, kinds);
    const candidates = [...this.#settings.keys()].filter((each) => lastName(each) === path);
    const outer = outermost(candidates);
    const found = outer === undefined ? undefined : this.#settings.get(outer);
    if (outer !== undefined && found !== undefined) return setting(outer, found);
    if (candidates.length > 0) {
      throw queryMistake(written, name.index, {
        code: "FOV0131",
        message: `${name.raw} is the last name of several settings`,
        value: name.raw,
        allowed: candidates.join(", "),
        fix: `write ${candidates[0]}`,
      });
    }
    throw this.#unknown(name, written);
  }

  #unknown(name: WrittenName, written: Written): Error {
    const paths = [...this.#settings.keys()];
    const known = [...Object.keys(COLUMNS), ...this.#metrics, ...paths.map(lastName), ...paths];
    const close = nearest(name.path, [...new Set(known)]);
    const columns = [...Object.keys(COLUMNS), ...this.#metrics].join(", ");
    return queryMistake(written, name.index, {
      code: "FOV0131",
      message: `no column, metric or setting is called ${name.raw}`,
      value: name.raw,
      allowed: `${columns}, and settings such as recipe.lr or network.mixers[0].kernel`,
      fix:
        close.length === 0
          ? "`fovea runs show RUN` prints every setting of a run"
          : `did you mean ${close.join(" or ")}?`,
    });
  }
}

function column(name: keyof typeof COLUMNS): Field {
  const read = ({ row }: IndexedRun): readonly unknown[] => {
    const value = row[name];
    return value === null ? [] : [value];
  };
  return { ...COLUMNS[name], source: "column", name, read, hasBelow: () => false };
}

function metric(name: string): Field {
  const read = ({ row: { metrics } }: IndexedRun): readonly unknown[] => {
    const value = Object.hasOwn(metrics, name) ? metrics[name] : null;
    return value === null || value === undefined ? [] : [value];
  };
  return { ...NUMBER, source: "metric", name, read, hasBelow: () => false };
}

function setting(path: string, kinds: Kinds): Field {
  return {
    ...kinds,
    source: "setting",
    name: path,
    read: (run) => settingsAt(run, path),
    hasBelow: (run) => run.shape.hasBelow(path),
  };
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** The one that stands beside the group that all others are in: `recipe.batch` of `recipe.lrScaling.batch`. */
function outermost(paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    const group = path.slice(0, path.lastIndexOf(".") + 1);
    return (
      group !== "" &&
      paths.every(
        (other) =>
          other.startsWith(group) && (other === path || other.slice(group.length).includes(".")),
      )
    );
  });
}
