import { z } from "zod";
import type { Verification } from "../../harness/verify-kernels.js";
import { FoveaError } from "../../ir/error.js";

/** Relative errors by quantity; `null` stands for one that is no finite number. */
const Errors = z.record(z.string(), z.number().nullable());

/** What is told of a kernel's certificate in text; the document of `--json` holds more. */
const Certificate = z.object({
  kernel: z.string(),
  device: z.string(),
  device_name: z.string(),
  limits: z.record(z.string(), z.number()),
  errors: z.record(z.string(), z.record(z.string(), Errors)),
  failures: z.array(z.string()),
  notes: z.array(z.string()),
  passed: z.boolean(),
  cached: z.boolean(),
});
type Certificate = z.infer<typeof Certificate>;

const Document = z.object({ kernels: z.array(Certificate) });

/**
 * The certificates that Python printed.
 *
 * @throws FoveaError FOV0040 where the target holds no kernels, FOV0061 where Python itself failed
 */
export function readCertificates(verification: Verification, target: string): Certificate[] {
  const { document, said } = verification;
  const read = Document.safeParse(document);
  if (read.success) return read.data.kernels;
  const isMistake = verification.exitCode === 2;
  throw new FoveaError({
    code: isMistake ? "FOV0040" : "FOV0061",
    message: said,
    value: target,
    fix: isMistake
      ? "name a generated package, a kernel file, a declaration or a shipped network"
      : "see `fovea doctor`",
  });
}

/** One kernel: a line for each method and dtype, then what was not run and what failed. */
export function describe(certificate: Certificate): string {
  const { kernel, device, device_name, limits, errors, failures, notes } = certificate;
  const state = certificate.passed ? "passed" : "FAILED";
  const kept = certificate.cached ? ", as certified before" : "";
  const lines = Object.entries(errors).flatMap(([method, dtypes]) =>
    Object.entries(dtypes).map(([dtype, found]) => {
      const limit = limits[dtype]?.toExponential(0);
      return `${method} ${dtype}: worst relative error ${worst(found)}, limit ${limit}`;
    }),
  );
  return [
    `${kernel} ${state} on ${device} (${device_name})${kept}`,
    ...[...lines, ...notes, ...failures].map((line) => `  ${line}`),
  ].join("\n");
}

function worst(errors: z.infer<typeof Errors>): string {
  const found = Object.values(errors);
  if (found.includes(null)) return "not finite";
  return Math.max(...found.map(Number)).toExponential(1);
}
