import { describe, expect, it } from 'vitest'
import { Actor } from './chaos/actor.ts'
import { Child } from './lib/child.ts'

/** A process that has said what it takes connections with, and does something at SIGTERM. */
const LISTENING = `process.stdout.write('listening on http://127.0.0.1:1\\n'); setInterval(() => {}, 1000);`

const LOADING = `setInterval(() => {}, 1000);`

/** What an actor complains of when a process that runs this is ended in order. */
async function ended(script: string, endWithinMs?: number): Promise<readonly string[]> {
  const children: Child[] = []
  const start = () => {
    const child = new Child(['-e', script])
    children.push(child)
    return child
  }
  await using actor = new Actor('it', start, endWithinMs === undefined ? {} : { endWithinMs })
  if (script !== LOADING) await children[0]?.line(/listening/)
  // What happens to it meanwhile is no other start, and kills nothing that is ending.
  const restarted = actor.restart('SIGTERM', 0)
  actor.freeze()
  await Promise.all([restarted, actor.restart('SIGKILL', 0)])
  expect(children).toHaveLength(2)
  return actor.complaints
}

describe('chaos takes for an orderly end', () => {
  it('an exit with 0', async () => {
    expect(await ended(`process.on('SIGTERM', () => process.exit(0)); ${LISTENING}`)).toEqual([])
  })

  it('being killed while Node starts, when nobody can hear anything yet', async () => {
    expect(await ended(LOADING)).toEqual([])
  })

  it('neither an exit with another code, nor being killed by the signal, nor an end that comes late', async () => {
    expect(await ended(`process.on('SIGTERM', () => process.exit(3)); ${LISTENING}`)).toMatchObject([
      expect.stringMatching(/^it ended with 3 /) as unknown,
    ])
    expect(await ended(LISTENING)).toMatchObject([expect.stringMatching(/^it ended with SIGTERM /) as unknown])
    expect(await ended(`process.on('SIGTERM', () => process.exit(0)); ${LISTENING}`, 0)).toMatchObject([
      expect.stringMatching(/^it ended with 0 /) as unknown,
    ])
  })
})
