/** The codes of a 50035, each behind the field that it is about. */
export function codesOf(errors: object = {}, at = ''): string[] {
  return Object.entries(errors).flatMap(([key, inner]: [string, object]) =>
    key === '_errors'
      ? (inner as { code: string }[]).map(({ code }) => `${at} ${code}`.trim())
      : codesOf(inner, at ? `${at}.${key}` : key),
  )
}
