import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ensureCompiler } from '../../scripts/lib/compiler.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { scratchFolder } from '../lib/scratch-log.ts'
import type { RunOptions, SenderAnswers } from '../lib/sending.ts'

/* The floor as a sending party: floor.c, compiled here, and told what to write. */

/** `events`: each as it stands on the wire, a character a byte (latin1). */
export type FloorSetup = { head: string; events: readonly string[] }

const { head, events } = setupOf() as FloorSetup
const folder = await scratchFolder()
const [program, headFile, eventsFile] = ['floor', 'head', 'events'].map((name) => join(folder.path, name)) as [
  string,
  string,
  string,
]
writeFileSync(headFile, head, 'latin1')
writeFileSync(eventsFile, Buffer.concat(events.flatMap(behindItsLength)))
execFileSync(ensureCompiler(), ['-O2', '-o', program, new URL('floor.c', import.meta.url).pathname])
const child = spawn(program, [headFile, eventsFile], { stdio: ['pipe', 'pipe', 'inherit'] })
const lines = createInterface(child.stdout)[Symbol.asyncIterator]()

let cpuUs = 0
const answers: SenderAnswers = {
  port: async () => Number(await line()),
  async run({ forMs, perTick }: RunOptions) {
    child.stdin.write(`${forMs} ${perTick}\n`)
    const [told = NaN, bytes = NaN, used = NaN] = (await line()).split(' ').map(Number)
    cpuUs = used
    return { events: told, bytes }
  },
  cpuUs: () => cpuUs,
}

answerTo(answers, async () => {
  child.kill('SIGKILL')
  await folder[Symbol.asyncDispose]()
})

async function line(): Promise<string> {
  const next = await lines.next()
  if (next.done) throw new Error('the floor has ended')
  return next.value
}

function behindItsLength(text: string): Buffer[] {
  const bytes = Buffer.from(text, 'latin1')
  const length = Buffer.from(new Uint32Array([bytes.length]).buffer)
  return [length, bytes]
}
