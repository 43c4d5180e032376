import { errorCodes } from '@repo/discord-integration/types'
import { RESTJSONErrorCodes } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { discordCodeName, screamingSnake } from '../src/commands/discord-code.ts'

const entries = Object.entries(RESTJSONErrorCodes).filter(
  (entry): entry is [string, number] => typeof entry[1] === 'number',
)

describe('the names of Discord’s error codes', () => {
  it.each([
    ['MissingPermissions', 'MISSING_PERMISSIONS'],
    ['UnknownChannel', 'UNKNOWN_CHANNEL'],
    ['UnknownSKU', 'UNKNOWN_SKU'],
    ['MaximumNumberOfGroupDMsReached', 'MAXIMUM_NUMBER_OF_GROUP_DMS_REACHED'],
    ['OnlyConsumableSKUsCanBeConsumed', 'ONLY_CONSUMABLE_SKUS_CAN_BE_CONSUMED'],
    ['InvalidOAuth2State', 'INVALID_OAUTH2_STATE'],
    ['OnlyOneChannelCanHaveAParentIdModifiedAtATime', 'ONLY_ONE_CHANNEL_CAN_HAVE_A_PARENT_ID_MODIFIED_AT_A_TIME'],
    ['APIResourceOverloaded', 'API_RESOURCE_OVERLOADED'],
    ['IdTokenJWTExpired', 'ID_TOKEN_JWT_EXPIRED'],
    ['StickerFrameCountExceedsMaximumOf1000Frames', 'STICKER_FRAME_COUNT_EXCEEDS_MAXIMUM_OF_1000_FRAMES'],
  ])('%s is %s', (key, name) => {
    expect(screamingSnake(key)).toBe(name)
  })

  it.each(entries)('%s loses no letter and is a valid name', (key) => {
    expect(screamingSnake(key).replaceAll('_', '')).toBe(key.toUpperCase())
    expect(screamingSnake(key)).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
  })

  it('is never one of ours, which alone stay without one', () => {
    const ours = Object.keys(errorCodes)
    expect(entries.filter(([, number]) => ours.includes(discordCodeName(number) ?? ''))).toEqual([])
    const without = entries.filter(([, number]) => discordCodeName(number) === null)
    expect(without.filter(([key]) => !ours.includes(screamingSnake(key)))).toEqual([])
    expect(without).toContainEqual(['Unauthorized', 40_001])
  })

  it('no two keys share one', () => {
    expect(new Set(entries.map(([key]) => screamingSnake(key))).size).toBe(entries.length)
  })

  it('prefers the name that is not deprecated', () => {
    expect(discordCodeName(20_028)).toBe('CHANNEL_WRITE_RATE_LIMIT')
  })

  it('has none for a number that discord-api-types does not know', () => {
    expect(discordCodeName(99_999_999)).toBeNull()
  })
})
