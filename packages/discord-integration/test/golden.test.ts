import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { GatewayServiceMessageSchema, GatewayServiceV2MessageSchema } from '../src/types/index.ts'

// The wire, frozen: what these files hold has been spoken between processes of different ages. Add files, change none.
const golden = new URL('golden/', import.meta.url)

for (const name of readdirSync(golden)) {
  const text = readFileSync(new URL(name, golden), 'utf8')

  test(`${name} is parsed, and produced again to the letter`, () => {
    const message = GatewayServiceV2MessageSchema.parse(JSON.parse(text))
    const pretty = text.includes('\n  ')
    expect(`${JSON.stringify(message, null, pretty ? 2 : 0)}\n`).toBe(text)
  })

  test(`${name} is ${name.startsWith('sync-') ? 'not ' : ''}of version 1`, () => {
    expect(GatewayServiceMessageSchema.safeParse(JSON.parse(text)).success).toBe(!name.startsWith('sync-'))
  })
}
