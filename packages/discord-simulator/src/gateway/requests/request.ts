import type { Dispatch } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import type { Session } from '../session.ts'

/** What a client's request works on. */
export interface RequestContext {
  world: World
  /** Whose request it is. */
  session: Session
  /** Makes something happen: the world changes, and those whom it concerns hear of it. */
  emit: (dispatch: Dispatch & { payload: object }) => void
  /** Tells this session alone. */
  reply: (event: string, payload: object) => void
}
