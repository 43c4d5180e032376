/** Randomness from a seed: the same seed draws the same numbers, in any process. */
export interface Random {
  /** A number from 0 up to, and without, 1. */
  next: () => number
  /** A whole number from `min` to `max`, both included. */
  int: (min: number, max: number) => number
  /** True with the given probability (0 to 1). */
  chance: (probability: number) => boolean
  /** One of the list, which must not be empty. */
  pick: <T>(list: readonly T[]) => T
  /** `length` hexadecimal digits. */
  hex: (length: number) => string
  /** A stream of its own, so that what one part draws does not shift what another part gets. */
  fork: (name: string) => Random
}

/** xmur3: turns text into 32-bit words that differ everywhere when the text differs anywhere. */
function hash(text: string): () => number {
  let h = 1779033703 ^ text.length
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353)
    h = (h << 13) | (h >>> 19)
  }
  return () => {
    h = Math.imul(h ^ (h >>> 16), 2246822507)
    h = Math.imul(h ^ (h >>> 13), 3266489909)
    h ^= h >>> 16
    return h >>> 0
  }
}

/**
 * sfc32, a small generator with 128 bits of state and no known bias. `Math.random` has no seed; a cryptographic one
 * would cost more and promise nothing that a simulator needs.
 */
export function createRandom(seed: string): Random {
  const word = hash(seed)
  let a = word()
  let b = word()
  let c = word()
  let counter = 1

  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return (sum >>> 0) / 4294967296
  }
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))

  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => {
      const picked = list[int(0, list.length - 1)]
      if (picked === undefined) throw new RangeError('pick() from an empty list')
      return picked
    },
    hex: (length) => Array.from({ length }, () => int(0, 15).toString(16)).join(''),
    fork: (name) => createRandom(`${seed}/${name}`),
  }
}
