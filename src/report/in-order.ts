/** Items by a key of theirs, both in the order of first appearance. */
export function inOrder<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly (readonly [key: string, items: readonly [T, ...T[]]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups];
}
