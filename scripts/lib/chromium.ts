import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

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

/** The browser to test with: `CHROMIUM_PATH`, the system's, or playwright's own; null where there is none. */
export async function findChromium(): Promise<string | null> {
  const named = process.env['CHROMIUM_PATH']
  if (named) return existsSync(named) ? named : null
  const system = CANDIDATES.find((path) => existsSync(path))
  if (system) return system
  const { chromium } = await import('playwright-core')
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : null
}

/** Finds a browser or installs one, and says in one line how to where it cannot. */
export async function ensureChromium(): Promise<string> {
  const found = await findChromium()
  if (found) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-color-emoji'])
  } else {
    run(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium'])
  }
  const installed = await findChromium()
  if (installed) return installed
  throw new Error(
    'The browser tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
  )
}

function run(command: string, args: string[]): void {
  process.stdout.write(`$ ${command} ${args.join(' ')}\n`)
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}
