import { describe, expect, it } from 'vitest'
import { isFromLoopback, isLoopback } from '../src/types/loopback.ts'

describe('isFromLoopback', () => {
  it.each([
    { host: '127.0.0.1:3000' },
    { host: 'localhost:3000', origin: 'http://localhost:3000' },
    { host: '[::1]:3000', origin: 'http://[::1]:3000' },
  ])('lets $host with origin $origin in', (headers) => {
    expect(isFromLoopback(headers)).toBe(true)
  })

  it.each([
    {},
    { host: '' },
    { host: 'rebound.example.com:3000' },
    { host: '192.168.1.4:3000' },
    { host: '127.0.0.1:3000', origin: 'https://elsewhere.example.com' },
    { host: '127.0.0.1:3000', origin: 'null' },
    { host: '127.0.0.1.example.com' },
    { host: 'localhost:3000/@example.com', origin: 'http://localhost@example.com' },
  ])('keeps $host with origin $origin out', (headers) => {
    expect(isFromLoopback(headers)).toBe(false)
  })
})

describe('isLoopback', () => {
  it.each(['localhost', 'web.localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])('%s is', (host) => {
    expect(isLoopback(host)).toBe(true)
  })
  it.each(['example.com', '10.0.0.1', '127.0.0.1.example.com', 'localhost.example.com', '0.0.0.0', '::', ''])(
    '%s is not',
    (host) => {
      expect(isLoopback(host)).toBe(false)
    },
  )
})
