/** The words of a text, for comparing: no case, no signs. */
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []

/** How many words a search passes over between two that it looks for, if it does not say. */
export const DEFAULT_SLOP = 2

/**
 * How many words of a text lie between those that are looked for, in their order: 0 for a phrase as it stands; undefined if
 * they are not there, or further apart than `slop` words. Discord's index also finds other forms of a word; this does not.
 * https://docs.discord.com/developers/resources/message#search-guild-messages
 */
export function distanceIn(text: string, wanted: string, slop: number): number | undefined {
  const [first, ...rest] = wordsOf(wanted)
  if (first === undefined) return 0
  const words = wordsOf(text)
  const from = (start: number): number | undefined => {
    let at = start
    for (const word of rest) {
      const next = words.indexOf(word, at + 1)
      if (next === -1) return undefined
      at = next
    }
    return at - start - rest.length
  }
  const distances = words
    .flatMap((word, index) => (word === first ? (from(index) ?? []) : []))
    .filter((distance) => distance <= slop)
  return distances.length > 0 ? Math.min(...distances) : undefined
}
