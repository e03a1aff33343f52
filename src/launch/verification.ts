import { z } from "zod";

/** One kernel's certificate, as far as it is read here. */
const Certificate = z.looseObject({
  kernel: z.string(),
  passed: z.boolean(),
  cached: z.boolean(),
  failures: z.array(z.string()),
});
type Certificates = readonly z.infer<typeof Certificate>[];

/** What `fovea_runtime.verify` printed, and what it comes to in words. */
export interface ReadVerification {
  /** `null` where it is no JSON. */
  readonly document: unknown;
  /** How many kernels hold, or what the first failure is. */
  readonly summary: string;
}

/**
 * Reads what `fovea_runtime.verify --json` printed.
 *
 * @param said - Python's last words, for when it gave no certificates
 */
export function readVerification(stdout: string, said: string): ReadVerification {
  const document = parse(stdout);
  const read = z.object({ kernels: z.array(Certificate) }).safeParse(document);
  return { document, summary: summarise(read.success ? read.data.kernels : [], said) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function summarise(certificates: Certificates, said: string): string {
  if (certificates.length === 0) return said;
  const bad = certificates.find(({ passed }) => !passed);
  if (bad !== undefined) return `${bad.kernel}: ${bad.failures[0] ?? said}`;
  const kept = certificates.filter(({ cached }) => cached).length;
  const kernels = certificates.length === 1 ? "1 kernel" : `${certificates.length} kernels`;
  return `${kernels} verified against float64${kept > 0 ? `, ${kept} of them before, as their certificates say` : ""}`;
}
