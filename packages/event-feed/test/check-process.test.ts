import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newFolder } from './new-folder.ts'

const CHECK = new URL('../src/sqlite/background-check.ts', import.meta.url).href

/** What https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html says; null for a process that has ended. */
function stateOf(pid: number): string | null {
  try {
    const state = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? null
    return state === 'Z' ? null : state
  } catch {
    return null
  }
}

it('the check of a log ends with the process that began it, however that ends', async () => {
  // Whoever reads it waits for ever, as in a question that takes long.
  const path = join(newFolder(), 'events.db')
  execFileSync('mkfifo', [path])
  const script = `
    import { BackgroundCheck } from ${JSON.stringify(CHECK)}
    new BackgroundCheck(${JSON.stringify(path)}, () => {})
    setInterval(() => {}, 60_000)`
  const starter = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'ignore' })
  const children = () => readFileSync(`/proc/${starter.pid}/task/${starter.pid}/children`, 'utf8').split(' ')
  let check = 0
  try {
    await expect.poll(() => (check = Number(children()[0])), { timeout: 10_000 }).toBeGreaterThan(0)
    starter.kill('SIGKILL')
    await expect.poll(() => stateOf(check), { timeout: 10_000 }).toBe(null)
  } finally {
    starter.kill('SIGKILL')
    if (check > 0 && stateOf(check) !== null) process.kill(check, 'SIGKILL')
  }
})
