import { Data } from "../ir/data.js";
import { freeze, parse } from "./declare.js";

/**
 * Data, completed: their shape. Whether the files are there, only Python can say.
 *
 * @param value - anything
 * @throws FoveaError of the first mistake
 */
export function validateData(value: unknown): Data {
  return freeze(parse("data", Data, value));
}
