/** The server does not know this page. */
export class NotAllowed extends Error {}

/** There is no such run. */
export class NotFound extends Error {}

/**
 * Asks the server for a document.
 *
 * @throws NotAllowed, NotFound, or the browser's own error where nobody answers
 */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, { signal: signal ?? null });
  if (answer.ok) return (await answer.json()) as T;
  const text = (await answer.text()).trim();
  if (answer.status === 403) throw new NotAllowed(text);
  if (answer.status === 404) throw new NotFound(text);
  throw new Error(text);
}
