import type { Config } from '../config.ts'
import type { Logger } from '../logger.ts'
import { unnamedTokens, type LinkToken } from './link-token.ts'
import type { LinkTokens } from './link-tokens.ts'
import type { ScopeHistory } from './scope-history.ts'
import { readTokenFile, tokenOf } from './token-file.ts'

export type ReadTokens = { ok: true; tokens: LinkToken[] } | { ok: false; problems: string[] }

/** The tokens of LINK_TOKEN and of LINK_TOKENS_FILE, as that is now. A problem begins with the variable's name. */
export function readTokens({ linkTokens, linkTokensFile }: Pick<Config, 'linkTokens' | 'linkTokensFile'>): ReadTokens {
  const unnamed = unnamedTokens(linkTokens)
  if (linkTokensFile === null) return { ok: true, tokens: unnamed }
  const read = readTokenFile(linkTokensFile)
  if (!read.ok) return { ok: false, problems: read.problems.map((problem) => `LINK_TOKENS_FILE: ${problem}`) }
  // LINK_TOKEN reaches everywhere, which would be more than the file says.
  const twice = read.entries.findIndex(({ hash }) => unnamed.some((token) => token.hash === hash))
  if (twice !== -1) {
    return {
      ok: false,
      problems: [`LINK_TOKENS_FILE: ${linkTokensFile}: ${twice}.hash: the token is in LINK_TOKEN too`],
    }
  }
  return { ok: true, tokens: [...unnamed, ...read.entries.map(tokenOf)] }
}

export type RereadOptions = Pick<Config, 'linkTokens' | 'linkTokensFile'> & {
  tokens: LinkTokens
  history: ScopeHistory
  logger: Logger
}

/** Reads the tokens again. Where that fails, those that were valid stay so: a slip must not lock everybody out. */
export function rereadTokens({ tokens, history, logger, ...config }: RereadOptions): void {
  const read = readTokens(config)
  if (!read.ok) {
    const { problems } = read
    logger.error({ problems }, 'THE LINK TOKENS COULD NOT BE READ: those from before stay valid, revoked ones too')
    return
  }
  try {
    history.record(read.tokens)
  } catch (error) {
    logger.error({ err: error }, 'since when the link tokens have their scopes could not be written down')
  }
  logger.info(tokens.replace(read.tokens), 'the link tokens were read again')
}
