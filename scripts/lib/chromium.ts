import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { installByApt, type Run } from './apt.ts'

/** Switches for a headless run as root in a container, that keep Chromium from calling home. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** What is asked of the machine, and done to it. */
export type Machine = {
  /** `CHROMIUM_PATH`. */
  named: string | undefined
  has: (path: string) => boolean
  isRoot: boolean
  /** Where playwright has its own browser once that is installed. */
  ownPath: () => Promise<string>
  run: Run
}

export const here: Machine = {
  named: process.env['CHROMIUM_PATH'],
  has: existsSync,
  isRoot: process.getuid?.() === 0,
  ownPath: async () => (await import('playwright-core')).chromium.executablePath(),
  run(command, args) {
    process.stdout.write(`$ ${command} ${args.join(' ')}\n`)
    spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  },
}

/** The browser to test with: `CHROMIUM_PATH`, the system's, or playwright's own; null where there is none. */
export async function findChromium({ named, has, ownPath }: Machine = here): Promise<string | null> {
  if (named) return has(named) ? named : null
  const system = CANDIDATES.find(has)
  if (system) return system
  const own = await ownPath()
  return has(own) ? own : null
}

/**
 * Finds a browser or installs one.
 *
 * @throws {Error} that says in one line how to, where it cannot.
 */
export async function ensureChromium(machine: Machine = here): Promise<string> {
  const found = await findChromium(machine)
  if (found) return found
  if (machine.named) throw new Error(`CHROMIUM_PATH: there is nothing at ${machine.named}`)
  if (machine.isRoot && machine.has('/usr/bin/apt-get')) {
    installByApt(machine.run, 'chromium', 'fonts-noto-color-emoji')
  } else {
    machine.run(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium'])
  }
  const installed = await findChromium(machine)
  if (installed) return installed
  throw new Error(
    'The browser tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
  )
}
