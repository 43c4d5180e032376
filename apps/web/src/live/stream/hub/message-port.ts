import type { HubPort, Port, TabPort, ToHub, ToTab } from './messages.ts'

/** A line over a MessagePort. `gone` is what the other end would have said, where the browser tells that it is not there. */
export function linePort<Out, In>(port: MessagePort, gone?: In): Port<Out, In> {
  return {
    post: (message) => port.postMessage(message),
    listen: (hear) => {
      // Where there is such an event: https://html.spec.whatwg.org/multipage/web-messaging.html#event-close
      if (gone !== undefined) port.addEventListener('close', () => hear(gone))
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- which would have to be started besides
      port.onmessage = ({ data }: MessageEvent<In>) => hear(data)
    },
    close: () => port.close(),
  }
}

/** Both ends of a line within a tab. Nothing is heard in the same breath in which it is said, as over any line. */
export function localLine(): { hub: HubPort; tab: TabPort } {
  const [hub, tab] = localPorts<ToHub, ToTab>()
  return { hub, tab }
}

function localPorts<A, B>(): [Port<A, B>, Port<B, A>] {
  const [toSecond, toFirst] = [mailbox<A>(), mailbox<B>()]
  return [
    { post: toSecond.put, listen: toFirst.listen, close: toFirst.close },
    { post: toFirst.put, listen: toSecond.listen, close: toSecond.close },
  ]
}

/** One direction. Closed by who hears: what they said before is on its way still. */
function mailbox<Message>() {
  let hear: ((message: Message) => void) | null = null
  let isOpen = true
  const waiting: Message[] = []
  const deliver = () => {
    if (hear === null || !isOpen) return
    const [message] = waiting.splice(0, 1)
    if (message !== undefined) hear(message)
  }
  return {
    put: (message: Message) => {
      waiting.push(message)
      queueMicrotask(deliver)
    },
    listen: (listener: (message: Message) => void) => {
      hear = listener
      for (const _ of waiting) queueMicrotask(deliver)
    },
    close: () => {
      isOpen = false
    },
  }
}
