/** Enough to find the place; the rest is the runtime's own. */
const FRAMES = 8

/**
 * What a log may hold of an error that is not one of ours: its kind, and where it was thrown. Messages and fields quote
 * what was being read (`Unexpected token ... in JSON`, `Invalid URL`), and that may be somebody's text.
 */
export function errorPlace(error: unknown): { error: string; code?: string; at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] }
  const frames = error.stack?.split('\n').filter((line) => /^ {4}at /.test(line)) ?? []
  return {
    error: error.name,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    at: frames.slice(0, FRAMES).map((line) => line.trim()),
  }
}
