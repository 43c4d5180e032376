import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { hubConnector } from '../../src/live/stream/hub/hub-connector.ts'
import { viewerOfHub } from '../../src/live/stream/hub/hub-name.ts'
import { localLine } from '../../src/live/stream/hub/message-port.ts'

/** The workers that were asked for. */
let workers: FakeWorker[]
let kept: Map<string, string>
let page: EventTarget

class FakeWorker extends EventTarget {
  readonly name: string
  readonly port = { postMessage: vi.fn(), close: vi.fn(), onmessage: null }
  constructor(_url: URL, { name }: { name: string }) {
    super()
    this.name = name
    workers.push(this)
  }
}

beforeEach(() => {
  workers = []
  kept = new Map()
  page = new EventTarget()
  vi.stubGlobal('SharedWorker', FakeWorker)
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
})
afterEach(() => void vi.unstubAllGlobals())

const news = () => ({ onBroken: vi.fn(), onMoved: vi.fn() })

/** What the other tabs are told when one has kept another generation. */
const stored = () => page.dispatchEvent(Object.assign(new Event('storage'), { key: 'stream-hub' }))

describe('the worker that tabs share', () => {
  test.each(['70', null])('knows by its name whose it is: %s', (viewer) => {
    hubConnector(() => viewer).shared(null, news())
    expect(workers.map(({ name }) => viewerOfHub(name))).toEqual([viewer])
  })

  test('is the same for all tabs of one person, and another for another', () => {
    for (const person of ['1', '1', '2']) hubConnector(() => person).shared(null, news())
    const [first, second, others] = workers.map(({ name }) => name)
    expect(second).toBe(first)
    expect(others).not.toBe(first)
  })

  test('that two tabs lost is the same other for both, and for one that comes later', () => {
    const tabs = [hubConnector(() => '1'), hubConnector(() => '1')]
    const lines = tabs.map((tab) => tab.shared(null, news()))
    tabs.forEach((tab, index) => tab.shared(lines[index] ?? null, news()))
    hubConnector(() => '1').shared(null, news())
    const names = workers.map(({ name }) => name)
    expect(names[0]).toBe(names[1])
    expect(new Set(names.slice(2)).size).toBe(1)
    expect(names[2]).not.toBe(names[0])
  })

  test('is left by those who noticed nothing, once others have', () => {
    const [mine, theirs] = [news(), news()]
    hubConnector(() => '1').shared(null, mine)
    const other = hubConnector(() => '1')
    other.shared(other.shared(null, theirs), news())
    stored()
    expect(mine.onMoved).toHaveBeenCalledOnce()
  })

  test('is no longer listened about by a tab that has left it', () => {
    const mine = news()
    hubConnector(() => '1')
      .shared(null, mine)
      ?.close()
    kept.set('stream-hub', '7')
    stored()
    expect(mine.onMoved).not.toHaveBeenCalled()
    expect(workers[0]?.port.close).toHaveBeenCalledOnce()
  })

  test('says when it does not load', () => {
    const told = news()
    hubConnector(() => '1').shared(null, told)
    workers[0]?.dispatchEvent(new Event('error'))
    expect(told.onBroken).toHaveBeenCalledOnce()
  })

  test('needs no place to keep which it is', () => {
    vi.stubGlobal('localStorage', undefined)
    const tab = hubConnector(() => '1')
    tab.shared(tab.shared(null, news()), news())
    expect(workers[0]?.name).not.toBe(workers[1]?.name)
  })

  test.each([
    ['there are none', undefined],
    ['they are forbidden', () => undefined],
  ])('is none where %s', (_where, kind) => {
    vi.stubGlobal('SharedWorker', kind)
    expect(hubConnector(() => '1').shared(null, news())).toBeNull()
  })
})

describe('a line within a tab', () => {
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

  test('brings what was said before anybody listened, in order and not in the same breath', async () => {
    const { hub, tab } = localLine()
    const heard: string[] = []
    hub.post({ type: 'retry' })
    hub.post({ type: 'bye' })
    tab.listen(({ type }) => heard.push(type))
    expect(heard).toEqual([])
    await turn()
    expect(heard).toEqual(['retry', 'bye'])
  })

  test('brings the last word of who closes it, and nothing to them', async () => {
    const { hub, tab } = localLine()
    const heard: string[] = []
    tab.listen(({ type }) => heard.push(type))
    hub.listen(({ type }) => heard.push(type))
    hub.post({ type: 'bye' })
    hub.close()
    tab.post({ type: 'beat' })
    await turn()
    expect(heard).toEqual(['bye'])
  })
})
