import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { SqliteLog } from '../src/sqlite-log.ts'
import { giveUpReserve, keepReserve } from '../src/sqlite/reserve.ts'
import { newFolder } from './new-folder.ts'

// apps/discord-gateway/test/full-disk.integration.ts has the disk that is full.
it('room is kept for a start, and taken again by a log that is closed without', async () => {
  const path = join(newFolder(), 'events.db')
  const open = () => SqliteLog.open({ path, maxAgeMs: 1e12, maxBytes: 1e9 })
  const log = await open()
  expect(statSync(`${path}.reserve`).blocks * 512).toBeGreaterThanOrEqual(1024 * 1024)
  expect([giveUpReserve(path), giveUpReserve(path)]).toEqual([true, false])
  expect(existsSync(`${path}.reserve`)).toBe(false)
  await log.close()
  expect(statSync(`${path}.reserve`).size).toBe(1024 * 1024)
  keepReserve(join(newFolder(), 'nowhere', 'events.db'))
})
