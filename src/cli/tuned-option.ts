import { readTunedFile } from "../harness/tuned-file.js";
import { isFoveaError } from "../ir/error.js";
import type { GridPair, Size } from "../ir/index.js";
import type { TunedTable } from "../plan/triton/tuned.js";
import { tunedFor } from "../plan/triton/tuned-table.js";

/** What `--tuned` names. */
export interface TunedOption {
  readonly file: string;
  readonly table: TunedTable;
}

/**
 * Reads the table of `--tuned FILE`. Without it nothing is read, so that what is emitted does not
 * depend on the machine.
 *
 * @throws FoveaError FOV0040 where the file cannot be read, or holds anything else
 */
export function readTunedOption(file: string | undefined): TunedOption | undefined {
  return file === undefined ? undefined : { file, table: readTunedFile(file, "--tuned").entries };
}

/** What is emitted with a table. */
interface Emitted {
  /** A network's or a kernel's name. */
  readonly name: string;
  readonly kernels: readonly { readonly pair: GridPair; readonly maps: readonly Size[] }[];
  /** Tells the user where no entry is for these kernels. */
  readonly note: (text: string) => void;
}

/** The table's entries for these kernels; none without a table. */
export function tunedEntries(
  option: TunedOption | undefined,
  { name, kernels, note }: Emitted,
): TunedTable {
  if (option === undefined) return [];
  const { file, table } = option;
  const entries = kernels.flatMap(({ pair, maps }) => tunedFor(table, pair, maps));
  if (entries.length === 0) note(`--tuned ${file}: none of its entries is for ${name}`);
  return entries;
}

/**
 * Emits with entries of a table; a mistake in one is told with the table's name.
 *
 * @throws FoveaError FOV0040 where an entry has launches that its kernel does not have
 */
export function namingTable<T>(option: TunedOption | undefined, emit: () => T): T {
  try {
    return emit();
  } catch (error) {
    if (option === undefined || !isFoveaError(error) || error.details.path !== "launches") {
      throw error;
    }
    throw error.with({ message: `--tuned ${option.file}: ${error.message}`, path: "--tuned" });
  }
}
