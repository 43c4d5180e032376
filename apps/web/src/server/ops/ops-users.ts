import type { WebConfig } from '../config.ts'

/** Whether somebody may see how the whole runs: those whom the operator has named; where none are, everyone in the demo. */
export function mayOperate({ OPS_USERS, demo }: Pick<WebConfig, 'OPS_USERS' | 'demo'>, userId: string): boolean {
  return OPS_USERS === null ? demo : OPS_USERS.has(userId)
}
