/** The record without a key; the same record where it has no such key. */
export function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (!(key in record)) return record
  const { [key]: _, ...rest } = record
  return rest
}

/** The entries for which `keep` holds; the same record where that is all of them. */
export function filterRecord<T>(
  record: Readonly<Record<string, T>>,
  keep: (value: T) => boolean,
): Readonly<Record<string, T>> {
  const entries = Object.entries(record)
  const kept = entries.filter(([, value]) => keep(value))
  return kept.length === entries.length ? record : Object.fromEntries(kept)
}
