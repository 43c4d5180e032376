import { messageAt } from '../lib/messages.ts'

/** An event as it comes over the link. */
export function linkMessage(position: number): Buffer {
  return Buffer.from(
    `{"type":"event","data":{"event":"MESSAGE_CREATE","payload":${messageAt(position)}},"ts":${Date.now()},"id":"bench-${position}"}`,
  )
}
