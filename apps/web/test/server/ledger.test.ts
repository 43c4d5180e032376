import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Ledger } from '../../src/server/deputy/ledger.ts'

const PLACE = { channelId: '11', messageId: '900' }
const FIRE = { ...PLACE, emoji: '🔥' }

let folder: string
let aside: string[]
let unkept: unknown[]
const ledgers: Ledger[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'))
  aside = []
  unkept = []
})

afterEach(() => {
  for (const ledger of ledgers.splice(0)) ledger.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(now?: () => number): Ledger {
  const options = { onUnkept: (error: unknown) => unkept.push(error), onDamage: (name: string) => aside.push(name) }
  const ledger = Ledger.open(folder, now ? { ...options, now } : options)
  ledgers.push(ledger)
  return ledger
}

describe('what the bot did for whom', () => {
  it('is theirs alone, in that channel alone', () => {
    const ledger = open()
    ledger.wrote('5', PLACE)
    expect(ledger.hasWritten('5', PLACE)).toBe(true)
    expect(ledger.hasWritten('6', PLACE)).toBe(false)
    expect(ledger.hasWritten('5', { ...PLACE, channelId: '12' })).toBe(false)
    expect(ledger.hasReacted('5', FIRE)).toBe(false)
    expect(ledger.ofChannel('5', '11')).toEqual({ messages: ['900'], reactions: [] })
  })

  it('outlives web, and another web on the same folder knows it at once', () => {
    const [first, second] = [open(), open()]
    first.wrote('5', PLACE)
    expect(second.hasWritten('5', PLACE)).toBe(true)
    first.close()
    expect(open().hasWritten('5', PLACE)).toBe(true)
  })

  it('of one reaction several may have asked for, who took it back is not among them once somebody asks anew', () => {
    const ledger = open()
    for (const who of ['5', '6']) ledger.reacted(who, FIRE)
    ledger.unreacted(FIRE)
    for (const who of ['5', '6']) expect(ledger.ofChannel(who, '11').reactions).toEqual([])
    expect(ledger.hasReacted('6', FIRE)).toBe(true)
    ledger.reacted('7', FIRE)
    expect(['5', '6', '7'].map((who) => ledger.hasReacted(who, FIRE))).toEqual([false, false, true])
    ledger.reacted('5', FIRE)
    expect(ledger.ofChannel('5', '11').reactions).toEqual([{ messageId: '900', emoji: '🔥' }])
  })

  it('is forgotten after ninety days', () => {
    const clock = { now: 0 }
    const ledger = open(() => clock.now)
    ledger.wrote('5', PLACE)
    clock.now = 91 * 86_400_000
    for (let id = 1; id <= 1_000; id++) ledger.wrote('6', { channelId: '11', messageId: String(id) })
    expect(ledger.hasWritten('5', PLACE)).toBe(false)
    expect(ledger.ofChannel('6', '11').messages).toHaveLength(200)
  })

  it('is nobody’s in a file that is damaged, which is put aside', () => {
    writeFileSync(join(folder, 'ledger.sqlite'), 'this is no database, whatever its name says: '.repeat(100))
    const ledger = open()
    expect(aside).toHaveLength(1)
    ledger.wrote('5', PLACE)
    expect(ledger.hasWritten('5', PLACE)).toBe(true)
    expect(readdirSync(folder).some((name) => name.includes('damaged'))).toBe(true)
  })

  it('is for web’s own user alone', () => {
    open()
    expect(statSync(join(folder, 'ledger.sqlite')).mode & 0o077).toBe(0)
  })

  it('could not be written down: that is told, and nothing thrown', () => {
    const ledger = open()
    ledger.close()
    ledger.wrote('5', PLACE)
    expect(unkept).toHaveLength(1)
  })
})
