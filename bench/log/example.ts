import { exampleHandler } from '../lib/example-handler.ts'
import { messages } from '../lib/messages.ts'
import type { Appending } from './appender.ts'

/** The example has no log. What it does where we append: a message is made of each event, for no backend yet. */
export function openExample(): Appending & AsyncDisposable {
  const handle = exampleHandler(() => {})
  const parsed = new Map(messages.map((text) => [text, JSON.parse(text) as unknown]))
  return {
    async append(entries) {
      for (const entry of entries) {
        if (entry.kind === 'dispatch') handle('MESSAGE_CREATE', parsed.get(entry.payload))
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}
