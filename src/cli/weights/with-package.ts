import { basename } from "node:path";
import { withTargets } from "../verify/targets.js";
import { optionMistake } from "../whole.js";

/**
 * Hands `use` the generated package of the one network that an option names: a shipped network, a
 * declaration or a package.
 *
 * @throws FoveaError FOV0040 where it names more than one network, or a kernel file
 */
export async function withPackage<T>(
  network: string,
  cwd: string,
  use: (folder: string) => Promise<T>,
  option: "--network" | "--source" | "--to" = "--network",
): Promise<T> {
  return await withTargets(network, cwd, async ([folder, ...others]) => {
    if (folder === undefined || folder.endsWith(".py")) {
      throw optionMistake(option, network, "this is a kernel file, not a network", {
        fix: "name a shipped network, a declaration or a generated package",
      });
    }
    if (others.length > 0) {
      const names = [folder, ...others].map((each) => basename(each));
      throw optionMistake(option, network, `it declares ${names.length} networks`, {
        allowed: `a file with one network (it has ${names.join(", ")})`,
        fix: "export one of them by itself",
      });
    }
    return await use(folder);
  });
}
