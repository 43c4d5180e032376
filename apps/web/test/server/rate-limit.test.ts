import { describe, expect, it } from 'vitest'
import { networkOf, RateLimit } from '../../src/server/auth/rate-limit.ts'

function limit(burst: number, perSecond: number) {
  const clock = { now: 0 }
  const limited = new RateLimit({ burst, perSecond, now: () => clock.now })
  return { clock, rate: { take: (address: string) => limited.take(networkOf(address)) } }
}

describe('RateLimit', () => {
  it('lets a burst through, then says how long to wait, and lets one through for each that has passed', () => {
    const { clock, rate } = limit(3, 0.5)
    expect([1, 2, 3, 4].map(() => rate.take('192.0.2.1'))).toEqual([null, null, null, 2])
    clock.now += 1_999
    expect(rate.take('192.0.2.1')).toBe(1)
    clock.now += 1
    expect(rate.take('192.0.2.1')).toBeNull()
    expect(rate.take('192.0.2.1')).toBe(2)
    clock.now += 3_600_000
    expect([1, 2, 3, 4].map(() => rate.take('192.0.2.1'))).toEqual([null, null, null, 2])
  })

  it('takes more of who asks for more, and says when there is that much', () => {
    const limited = new RateLimit({ burst: 10, perSecond: 0.5, now: () => 0 })
    expect(limited.take('ada', 7)).toBeNull()
    expect(limited.take('ada', 4)).toBe(2)
    expect(limited.take('ada', 3)).toBeNull()
    expect(limited.take('ada')).toBe(2)
  })

  it('counts each address by itself, and a whole IPv6 network of 64 bits as one', () => {
    const { rate } = limit(1, 1)
    expect(rate.take('192.0.2.1')).toBeNull()
    expect(rate.take('192.0.2.2')).toBeNull()
    expect(rate.take('::ffff:192.0.2.3')).toBeNull()
    expect(rate.take('::ffff:192.0.2.4')).toBeNull()
    expect(rate.take('2001:db8:0:7::1')).toBeNull()
    expect(rate.take('2001:db8:0:7:1:2:3:4')).toBe(1)
    expect(rate.take('2001:db8::7:0:0:0:9')).toBe(1)
    expect(rate.take('2001:db8:0:8::1')).toBeNull()
    expect(rate.take('fe80::1%eth0')).toBeNull()
    expect(rate.take('fe80::2%eth0')).toBe(1)
  })

  it('remembers so many addresses, and forgets first who was quiet longest', () => {
    const { rate } = limit(1, 0.001)
    rate.take('first')
    for (let index = 0; index < 9_998; index += 1) rate.take(`address ${index}`)
    expect(rate.take('first')).not.toBeNull()
    for (let index = 0; index < 9_999; index += 1) rate.take(`another ${index}`)
    expect(rate.take('first')).not.toBeNull()
    for (let index = 0; index < 10_000; index += 1) rate.take(`one more ${index}`)
    expect(rate.take('first')).toBeNull()
  })
})
