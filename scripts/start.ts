/**
 * `npm start`: Discord (or its simulator), the Gateway Service and web, as processes of their own, in one terminal.
 * `npm run dev` (`--watch`) is the same with reloading; `--pages <folder>` besides serves pages of one's own in place of web's.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Ends it all; until something has been started there is nothing to be ended. */
let leave = (): void => process.exit(0)
// Before the rest is loaded, which takes some tenths of a second.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leave())
// Who started this and held a channel to it is gone: a test whose worker was ended, for one.
process.once('disconnect', () => leave())
const { buildWeb, webIsBuilt } = await import('./lib/build-web.ts')
const { onEdit } = await import('./lib/edits.ts')
const { createLogLines } = await import('./lib/log-lines.ts')
const { SupervisedProcess } = await import('./lib/supervised-process.ts')
const { refuseTakenPorts, StartRefused, topology } = await import('./lib/topology.ts')

const root = join(import.meta.dirname, '..')
const watch = process.argv.includes('--watch')
const pages = process.argv.includes('--pages') ? (process.argv[process.argv.indexOf('--pages') + 1] ?? '') : undefined

const { headline, url, hint, processes: specs } = await plan()
process.stdout.write(`${headline}\n`)

const names = specs.map((spec) => spec.name)
/** What each said last. */
const said = new Map<string, string>()
const lines = createLogLines(names, process.stdout)
const processes = specs.map(
  (spec) =>
    new SupervisedProcess(spec, {
      // Its reason, once more at the end: what the others said meanwhile stands between.
      hopeless: (name) => void stop(1, `${name} cannot go on: ${said.get(name) ?? 'it said nothing'}\n`),
      line: (name, line) => {
        said.set(name, line)
        lines.write(name, line)
      },
      note: (name, text) => lines.write(name, `— ${text}`),
    }),
)

let stopping = false
const building = new AbortController()
leave = () => void stop()

for (const child of processes) if (child.spec.name !== 'web') child.start()
for (const child of processes) onEdit(child.spec.restartOn, () => void child.restart())
if (!watch && !webIsBuilt(root)) {
  lines.write('web', '— building the page (only after a change)')
  try {
    await buildWeb(root, (line) => lines.write('web', line), building.signal)
  } catch (error) {
    if (stopping) await new Promise(() => {})
    lines.write('web', `— ${error instanceof Error ? error.message : String(error)}`)
    await stop(1)
  }
}
if (!stopping) {
  processes.find((child) => child.spec.name === 'web')?.start()
  await Promise.all(processes.map((child) => child.whenReady))
  process.stdout.write(`\nReady: ${url} — Ctrl-C ends it.\n${hint}`)
}

async function plan() {
  try {
    loadEnv(join(root, '.env'))
    const planned = topology(process.env, { root, watch, pages })
    await refuseTakenPorts(planned.ports)
    return planned
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

function loadEnv(file: string): void {
  if (!existsSync(file)) return
  try {
    // It says why it cannot be read, which loading it does not.
    readFileSync(file)
    process.loadEnvFile(file)
  } catch (error) {
    throw new StartRefused(`.env cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** From the browser's end to Discord's, so that nobody sees the one it hangs on go first. A second Ctrl-C kills. */
async function stop(exitCode = 0, reason = ''): Promise<void> {
  if (stopping) {
    for (const child of processes) child.kill()
    return
  }
  stopping = true
  building.abort()
  let clean = true
  for (const child of processes.toReversed()) clean = (await child.stop()) && clean
  process.stdout.write(clean ? 'All is down.\n' : 'All is down, though not all of it ended by itself.\n')
  process.stderr.write(reason)
  process.exit(clean ? exitCode : 1)
}
