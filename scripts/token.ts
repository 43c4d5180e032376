/** `npm run token`: makes, lists and revokes the tokens by which backends are let in at the gateway. */
import { tokenCommand } from './lib/token-command.ts'

const { exitCode, output } = tokenCommand(process.argv.slice(2), process.env)
const stream = exitCode === 0 ? process.stdout : process.stderr
stream.write(output)
process.exitCode = exitCode
