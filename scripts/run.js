// Plain JavaScript that an old Node understands: it says which Node is needed, where TypeScript would only fail to load.
const needed = 24
if (Number(process.versions.node.split('.')[0]) < needed) {
  process.stderr.write(`This needs Node ${needed} or newer; ${process.execPath} is ${process.version}.\n`)
  process.exit(1)
}
const script = process.argv[2]
process.argv.splice(1, 1)
await import(new URL(`../${script}`, import.meta.url).href)
