import { setTimeout as sleep } from 'node:timers/promises'

/** So many ms, or until it is called off. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {})
}
