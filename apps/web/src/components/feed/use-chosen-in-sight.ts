import { useLayoutEffect, useRef } from 'react'
import type { ViewMessage } from '../../live/view/message-list.ts'
import { usePageState } from '../frame/page-state.tsx'

/**
 * Brings the message of an event that is chosen elsewhere into sight, where the feed has it: once, and where it is out of sight.
 * Whoever chooses by the message itself has it before them.
 *
 * @param list.show is to have a message stand in the page that the page has and does not show; false: it cannot.
 */
export function useChosenInSight(list: {
  messages: readonly ViewMessage[]
  show: (message: ViewMessage) => boolean
  bring: (element: Element) => void
  scroller: { readonly current: HTMLElement | null }
}): void {
  const { eventId } = usePageState()
  const done = useRef(eventId)
  // After each rendering: to be shown it may take one, and a narrow page may show another of its views until then.
  useLayoutEffect(() => {
    const { current: scroller } = list.scroller
    if (done.current === eventId || scroller === null || scroller.clientHeight === 0) return
    const message = eventId === null ? undefined : list.messages.find((one) => one.eventId === eventId)
    const element = message && scroller.querySelector(`[data-message="${message.id}"]`)
    if (message && !element && list.show(message)) return
    done.current = eventId
    if (element) list.bring(element)
  })
}
