export type JsonObject = { readonly [field: string]: unknown }

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects of what should be an array of objects; null when it is no array. */
export function objectsOf(value: unknown): JsonObject[] | null {
  return Array.isArray(value) ? value.filter(isObject) : null
}

/** A copy without some fields. Copies by definition, not assignment, so that a `__proto__` in a payload stays a field. */
export function without(object: JsonObject, ...fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)))
}

/**
 * The most levels of objects and arrays within one another: Discord's payloads have about ten. JSON.parse takes any
 * number, and encoding or comparing some thousands of them then overflows the stack.
 */
export const MAX_DEPTH = 64

export function isWithinDepth(value: object, levels = MAX_DEPTH): boolean {
  if (levels === 0) return false
  for (const inner of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
    if (typeof inner === 'object' && inner !== null && !isWithinDepth(inner, levels - 1)) return false
  }
  return true
}

/** The value of a payload's text; undefined, which nothing understands, where it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
