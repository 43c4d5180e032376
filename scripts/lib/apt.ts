/** Runs a command, and waits for its end. */
export type Run = (command: string, args: string[]) => void

/** Installs packages where apt-get may. */
export function installByApt(run: Run, ...packages: string[]): void {
  run('apt-get', ['update', '-qq'])
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages])
}
