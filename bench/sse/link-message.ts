import { messageAt } from '../lib/messages.ts'

/** An event as it comes over the link. @param payload a message's. */
export function linkMessage(position: number, payload = messageAt(position)): Buffer {
  return Buffer.from(
    `{"type":"event","data":{"event":"MESSAGE_CREATE","payload":${payload}},"ts":${Date.now()},"id":"bench-${position}"}`,
  )
}
