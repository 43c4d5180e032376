import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const BUILT = 'apps/web/dist/server/server.js'
/** What the built page is made of. */
const SOURCES = [
  'apps/web/src',
  'apps/web/public',
  'apps/web/vite.config.ts',
  'apps/web/package.json',
  'packages',
  'package-lock.json',
]

/** Whether what was built is newer than everything it was built from. */
export function webIsBuilt(root: string): boolean {
  const built = statSync(join(root, BUILT), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return SOURCES.every((source) => newest(join(root, source)) <= built)
}

/** @param signal ends the build, which then rejects. */
export async function buildWeb(root: string, onLine: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'apps/web'),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  })
  child.on('error', () => {
    // It ends for the same reason, and says so by its exit code.
  })
  const tail: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => tail.push(text))
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  for (const line of tail.join('').split('\n')) if (line.trim()) onLine(line)
  if (code !== 0) throw new Error(`the page could not be built: vite ended with exit code ${code}`)
}

function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !['node_modules', 'dist', 'test'].includes(entry.name))
    .reduce((latest, entry) => Math.max(latest, newest(join(path, entry.name))), 0)
}
