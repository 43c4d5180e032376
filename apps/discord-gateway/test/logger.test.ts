import { DiscordAPIError } from '@discordjs/rest'
import { expect, it } from 'vitest'
import { collectingLogger } from './helpers.ts'

it('an error of @discordjs/rest is logged without the request that it holds', () => {
  const { logger, lines } = collectingLogger()
  const error = new DiscordAPIError({ message: 'Missing Permissions', code: 50_013 }, 50_013, 403, 'POST', '/x', {
    body: { content: 'the-secret-text' },
  })
  logger.error({ err: error }, 'failed')
  expect(lines.join('')).toContain('Missing Permissions')
  expect(lines.join('')).not.toContain('the-secret-text')
})

it('tokens and texts are taken out should they be handed in', () => {
  const { logger, lines } = collectingLogger()
  logger.info({
    token: 'secret-1',
    content: 'secret-2',
    headers: { authorization: 'secret-3' },
    a: { payload: 'secret-4' },
  })
  expect(lines.join('')).not.toContain('secret')
})
