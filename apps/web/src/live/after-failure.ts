import type { Failure } from '../server/function-results.ts'

/** What is known of something that was asked for, and not done as far as one knows. */
export type Undone = { state: 'failed' | 'unknown'; inDoubt: boolean; answered: boolean }

/**
 * @param isGuarded it may be asked for again under its id, and is then done once: so its id is kept, even where the gateway
 * keeps that it does not know.
 */
export function afterFailure(
  { code, kept }: Failure,
  { inDoubt, answered }: Pick<Undone, 'inDoubt' | 'answered'>,
  isGuarded: boolean,
): Undone {
  if (code === 'OUTCOME_UNKNOWN') return { state: 'unknown', inDoubt: true, answered: kept && !isGuarded }
  // Turned back on its way, and the try before may have got through.
  if (!kept && inDoubt) return { state: 'unknown', inDoubt, answered }
  return { state: 'failed', inDoubt, answered: kept }
}
