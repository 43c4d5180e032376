/**
 * Loaded into a process with `--expose-gc --import`: at SIGUSR2 it collects what is garbage and says what is left. What a
 * process holds is not to be seen from outside, where garbage counts too.
 */
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  process.stdout.write(`memory-probe ${JSON.stringify({ rss, heapUsed, external })}\n`)
})
