// Plain JavaScript that an old Node understands: it says which Node is needed, where TypeScript would only fail to load.
const needed = 24
if (Number(process.versions.node.split('.')[0]) < needed) {
  process.stderr.write(`This needs Node ${needed} or newer; ${process.execPath} is ${process.version}.\n`)
  process.exit(1)
}

/** How often it is looked whether npm, which passes no signal on to what it runs, has been ended. */
const LOOK_FOR_NPM_MS = 500
const { ppid } = process
if (process.env['npm_lifecycle_event']) {
  const look = setInterval(() => {
    if (process.ppid === ppid) return
    clearInterval(look)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_FOR_NPM_MS).unref()
}

const script = process.argv[2]
process.argv.splice(1, 1)
await import(new URL(`../${script}`, import.meta.url).href)
