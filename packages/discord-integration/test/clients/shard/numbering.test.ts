import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Numbering } from '../../../src/clients/shard/numbering.ts'

const nothing = { missing: null }

/** A session whose READY came at 1 s, and its events up to a number, one a second. */
function upTo(last: number): Numbering {
  const numbering = new Numbering()
  numbering.begins('a')
  for (let s = 1; s <= last; s++) expect(numbering.next(s, s * 1_000)).toEqual(nothing)
  return numbering
}

describe('Numbering', () => {
  it('takes what follows, and what comes again', () => {
    const numbering = upTo(3)
    expect([3, 2, 4].map((s) => numbering.next(s, 9_000))).toEqual([nothing, nothing, nothing])
  })

  it('asks for what was passed over, takes it when it comes, and has nothing to say', () => {
    const numbering = upTo(3)
    expect(numbering.next(6, 6_000)).toBe('ask')
    numbering.resumes('a', 3, 0)
    expect([4, 5, 6].map((s) => numbering.next(s, 9_000))).toEqual([nothing, nothing, nothing])
  })

  it('says what is missing when it is missing again, and since when, and goes on', () => {
    const numbering = upTo(3)
    expect(numbering.next(6, 6_000)).toBe('ask')
    // The log had less.
    numbering.resumes('a', 2, 0)
    expect(numbering.next(3, 9_000)).toEqual(nothing)
    expect(numbering.next(6, 9_000)).toEqual({ missing: { after: 3, since: 3_000 } })
    numbering.resumed(10_000)
    expect(numbering.next(7, 11_000)).toEqual(nothing)
    expect(numbering.next(9, 12_000)).toBe('ask')
  })

  it('says nothing of when where what it had heard live was not stored', () => {
    const numbering = upTo(5)
    expect(numbering.next(7, 7_000)).toBe('ask')
    numbering.resumes('a', 2, 0)
    expect(numbering.next(4, 9_000)).toBe('ask')
    numbering.resumes('a', 2, 0)
    expect(numbering.next(4, 9_000)).toEqual({ missing: { after: 2, since: null } })
  })

  it('lacks what was not taken until it has come, or is said to be missing', () => {
    const numbering = upTo(3)
    expect(numbering).toMatchObject({ lacks: false, liveAt: 3_000 })
    numbering.unreadable(4_000)
    expect(numbering).toMatchObject({ lacks: true, liveAt: 3_000 })
    numbering.resumes('a', 3, 0)
    numbering.unreadable(9_000)
    expect(numbering).toMatchObject({ lacks: true, liveAt: 3_000 })
    numbering.next(5, 9_000)
    numbering.resumed(9_000)
    expect(numbering).toMatchObject({ lacks: false, liveAt: 9_000 })
  })

  it('asks for what cannot be read, and says of the next event that it is missing when it is the same again', () => {
    const numbering = upTo(3)
    expect(numbering.unreadable(4_000)).toBe('ask')
    numbering.resumes('a', 3, 0)
    expect(numbering.unreadable(9_000)).toBe('pass')
    // What comes twice is not the event after it.
    expect(numbering.next(3, 9_000)).toEqual(nothing)
    expect(numbering.next(5, 9_000)).toEqual({ missing: { after: 3, since: 3_000 } })
    expect(numbering.next(6, 9_000)).toEqual(nothing)
  })

  it('says so also where the numbers have no hole: what was not read may have had none', () => {
    const numbering = upTo(3)
    numbering.unreadable(4_000)
    numbering.resumes('a', 3, 0)
    numbering.unreadable(9_000)
    expect(numbering.next(4, 9_000)).toEqual({ missing: { after: 3, since: 3_000 } })
  })

  it('takes for a RESUMED what is missing in a replay, as many as there may have been, and no more', () => {
    const numbering = new Numbering()
    numbering.resumes('a', 7, 2)
    expect([9, 10, 12].map((s) => numbering.next(s, 1_000))).toEqual([nothing, nothing, nothing])
    expect(numbering.next(14, 1_000)).toBe('ask')
    numbering.resumes('a', 12, 1)
    expect(numbering.next(14, 2_000)).toEqual({ missing: { after: 12, since: null } })
  })

  it('takes nothing for a RESUMED that is missing after one', () => {
    const numbering = new Numbering()
    numbering.resumes('a', 7, 2)
    expect(numbering.next(9, 1_000)).toEqual(nothing)
    numbering.resumed(1_000)
    expect(numbering.next(11, 2_000)).toBe('ask')
  })

  it('takes nothing for a RESUMED that was missing before there was one', () => {
    const numbering = upTo(3)
    expect(numbering.next(5, 5_000)).toBe('ask')
    // A RESUME was sent, and its connection was cut.
    numbering.resumes('a', 3, 1)
    expect(numbering.next(5, 9_000)).toEqual({ missing: { after: 3, since: 3_000 } })
  })

  it('gives a session up when what cannot be passed is there again', () => {
    const numbering = upTo(3)
    expect(numbering.unpassable()).toBe('ask')
    numbering.resumes('a', 3, 0)
    expect(numbering.unpassable()).toBe('stuck')
    numbering.begins('b')
    expect(numbering.unpassable()).toBe('ask')
  })

  it('only tells where Discord passes over numbers again and again', () => {
    const numbering = upTo(3)
    const said: unknown[] = []
    let last = 3
    for (let time = 0; time < 8; time++) {
      const first = numbering.next(last + 2, 10_000)
      said.push(first)
      if (first === 'ask') {
        numbering.resumes('a', last, 0)
        numbering.next(last + 2, 10_000)
        numbering.resumed(10_000)
      }
      last += 2
    }
    expect(said.filter((what) => what === 'ask')).toHaveLength(5)
    expect(said.slice(5)).toEqual([13, 15, 17].map((after) => ({ missing: { after, since: 10_000 } })))
    expect(numbering.next(last + 2, 10_000 + 10 * 60_000)).toBe('ask')
  })

  it('leaves no number out, whatever a server leaves out, spoils and sends again', () => {
    // What each connection does with each number: sends it, spoils it, or leaves it out.
    const fate = fc.constantFrom('sent', 'sent', 'sent', 'spoilt', 'left out')
    // And after how many of them it has told all that was missed, and how many RESUMEs came to nothing before.
    const connection = fc.record({
      fates: fc.array(fate, { minLength: 1, maxLength: 12 }),
      resumed: fc.nat(4),
      unresolved: fc.nat(3),
    })
    const connections = fc.array(connection, { minLength: 1, maxLength: 8 })
    const atLast = { fates: Array.from({ length: 30 }, () => 'sent'), resumed: 0, unresolved: 0 }
    fc.assert(
      fc.property(connections, (plan) => {
        const numbering = new Numbering()
        numbering.begins('a')
        numbering.next(1, 1)
        const taken = new Set([1])
        const holes: number[] = []
        let last = 1
        // Numbers of a replay that may have been RESUMEDs.
        const forgiven = new Set<number>()
        for (const [index, { fates, resumed, unresolved }] of [...plan, atLast].entries()) {
          if (index > 0) numbering.resumes('a', last, unresolved)
          let s = last
          let spare = index > 0 ? unresolved : 0
          for (const [number, what] of fates.entries()) {
            if (index > 0 && number === resumed) {
              numbering.resumed(index)
              spare = 0
            }
            s += 1
            if (what === 'left out') continue
            if (what === 'spoilt') {
              if (numbering.unreadable(index) === 'ask') break
              continue
            }
            const next = numbering.next(s, index)
            if (next === 'ask') break
            if (next.missing) for (let hole = next.missing.after + 1; hole < s; hole++) holes.push(hole)
            else for (let hole = last + 1; hole < s && spare > 0; hole++, spare--) forgiven.add(hole)
            taken.add(s)
            last = s
          }
        }
        for (let s = 1; s <= last; s++) expect([taken.has(s), holes.includes(s), forgiven.has(s)]).toContain(true)
      }),
    )
  })
})
