import { useGuild } from '../../hooks/use-guild-store.ts'

/** What everything waits for, or null. */
export function useAway(): string | null {
  const phase = useGuild((snapshot) => snapshot.status.phase)
  const gateway = useGuild((snapshot) => snapshot.report?.gateway.state ?? null)
  if (phase === 'reconnecting') return 'Waits for the connection'
  return gateway === null || gateway === 'connected' ? null : 'Waits for the gateway'
}
