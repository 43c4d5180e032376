import { GatewayCloseCodes } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { discordClose, discordCloseCodes, privilegedIntents } from '../../../src/clients/shard/close-codes.ts'

const known = Object.values(GatewayCloseCodes).filter((code) => typeof code === 'number')

describe('discordCloseCodes', () => {
  it('has every code that discord-api-types knows', () => {
    const codes = Object.values(discordCloseCodes).map(({ code }) => code as number)
    expect(codes).toEqual(expect.arrayContaining(known))
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('never comes back after those that need a person, by Discord’s table', () => {
    const never = known.filter((code) => discordClose(code).next === 'never')
    expect(never).toEqual([4004, 4010, 4011, 4012, 4013, 4014])
  })

  it('asks for a new session where Discord does', () => {
    const identify = known.filter((code) => discordClose(code).next === 'identify')
    expect(identify).toEqual([4007, 4009])
  })

  it('resumes after anything that it does not know', () => {
    for (const code of [1000, 1001, 1005, 1006, 1009, 4999]) expect(discordClose(code).next).toBe('resume')
  })
})

describe('privilegedIntents', () => {
  it('names them as the Developer Portal does', () => {
    expect(privilegedIntents(1 | (1 << 1) | (1 << 15))).toEqual(['Server Members Intent', 'Message Content Intent'])
  })
})
