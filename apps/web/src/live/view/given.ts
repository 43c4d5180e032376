/*
 * The parts of a payload that the page stands on. Discord's types promise them; payloads come as they were sent, and one that
 * breaks the promise must not take down what stands beside it.
 */

export const isId = (value: unknown): value is string => typeof value === 'string' && /^\d{1,20}$/.test(value)

/** @throws {TypeError} for what is no id: the event is not shown. */
export function idOf(value: unknown): string {
  if (isId(value)) return value
  throw new TypeError('expected an id')
}

export const idOrNull = (value: unknown): string | null => (isId(value) ? value : null)
export const textOr = <T>(value: unknown, otherwise: T): string | T => (typeof value === 'string' ? value : otherwise)
export const numberOr = <T>(value: unknown, otherwise: T): number | T => (typeof value === 'number' ? value : otherwise)
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const isTrue = (value: unknown): boolean => value === true
