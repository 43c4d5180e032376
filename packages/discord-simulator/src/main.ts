import { ConfigError, readConfig } from './config.ts'
import { createPlan, printPlan } from './faults/plan.ts'
import { startSimulator } from './simulator.ts'
import type { Simulator } from './simulator.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'the port is taken: set SIMULATOR_PORT to another'
  }
  return error instanceof Error ? error.message : String(error)
}

async function main(): Promise<void> {
  const config = readConfig(process.env, process.argv.slice(2))
  const { port, seed, life, botToken, faults, identifyWindowMs } = config
  const simulator: Simulator = await startSimulator({
    port,
    seed,
    life,
    ...(identifyWindowMs !== undefined && { identifyWindowMs }),
    ...(botToken && { botToken }),
  })

  const stop = () => {
    simulator.close().then(
      () => process.exit(0),
      (error: unknown) => fail(explain(error)),
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Whoever started it as a part of something larger is gone.
  process.once('disconnect', stop)

  say(`page      ${simulator.url}/`)
  say(`REST      ${simulator.apiUrl}/v10`)
  say(`gateway   ${simulator.gatewayUrl}`)
  say(`control   ${simulator.url}/_simulator/world`)
  say(`bot token ${simulator.botToken}`)
  if (faults) {
    const plan = createPlan({ seed: faults })
    simulator.faults.play(plan)
    say(printPlan(plan))
  }
  say(`ready, life ${life ? 'on' : 'off'}`)
}

main().catch((error: unknown) => fail(`discord-simulator: ${explain(error)}`))
