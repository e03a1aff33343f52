import type { IndexedRun } from "../run-index.js";
import { compileComparison } from "./comparison.js";
import type { Condition } from "./condition.js";
import type { Field, Fields } from "./field.js";
import { kindsInWords } from "./kinds.js";
import { queryMistake, type Written } from "./mistake.js";
import type { WrittenName } from "./name.js";
import { any, not, type Test } from "./truth.js";

/**
 * Makes a condition a test of runs. A comparison with what a run does not have is neither true nor
 * false, nor is its opposite: only `true` selects a run.
 *
 * @throws FoveaError FOV0131 for an unknown name, FOV0132 for a value that its name cannot have
 */
export function compileCondition(condition: Condition, fields: Fields, written: Written): Test {
  switch (condition.kind) {
    case "and":
    case "or": {
      const left = compileCondition(condition.left, fields, written);
      const right = compileCondition(condition.right, fields, written);
      return either(left, right, condition.kind === "or");
    }
    case "not": {
      const test = compileCondition(condition.of, fields, written);
      return (run) => not(test(run));
    }
    case "flag": {
      const field = fields.resolve(condition.name, written);
      if (!field.kinds.has("truth")) throw noFlag(condition.name, field, written);
      return (run) => any(field.read(run), (value) => value === true);
    }
    case "compare": {
      const { name, comparison, value } = condition;
      return compileComparison(fields.resolve(name, written), name, comparison, value, written);
    }
  }
}

/** @param decisive - the value that one of the two is enough for: `true` of or, `false` of and */
function either(left: Test, right: Test, decisive: boolean): Test {
  return (run: IndexedRun) => {
    const first = left(run);
    if (first === decisive) return decisive;
    const second = right(run);
    if (second === decisive) return decisive;
    return first === null || second === null ? null : !decisive;
  };
}

function noFlag(name: WrittenName, field: Field, written: Written): Error {
  return queryMistake(written, name.index, {
    code: "FOV0132",
    message: `${name.raw} is ${kindsInWords(field)}, and stands alone`,
    value: name.raw,
    allowed: "a comparison, or a setting that is true or false",
    fix: `compare it with a value: ${name.raw} = VALUE`,
  });
}
