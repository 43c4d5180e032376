import type { ViewVoice } from '../../live/view/view-types.ts'

/** Whether somebody on a stage speaks, or may: the audience is suppressed. */
export const isOnStage = (state: ViewVoice): boolean => !state.suppressed

/** Those first who show most: a stream, a picture, a hand, a voice. The rest in the order they had. */
export function byShow(states: readonly ViewVoice[]): ViewVoice[] {
  return states.toSorted((a, b) => show(b) - show(a))
}

/** Whether somebody shows more than that they are there. */
export const showsSomething = ({ streaming, camera, raisedHand }: ViewVoice): boolean =>
  streaming || camera || raisedHand

const show = ({ streaming, camera, raisedHand, muted }: ViewVoice): number =>
  Number(streaming) * 8 + Number(camera) * 4 + Number(raisedHand) * 2 + Number(!muted)
