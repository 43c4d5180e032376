/** @import { View } from '../control/view.ts' */
/** @import { ConnectionInfo } from '../gateway/connection.ts' */
/** @import { ActiveFault } from '../faults/faults.ts' */
/** @import { FaultInput } from '../faults/fault.ts' */
/** @import { Page } from './main.js' */
/** @import { Part } from './dom.js' */
import { attribute, byId, choices, element, keyed, onPress, write } from './dom.js'
import { refuse } from './notice.js'
import { simulator } from './simulator.js'

/** What closing a connection normally is done with: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const NORMAL = { 1000: 'Normal closure.', 1001: 'Going away.' }

/** @param {ConnectionInfo['shard']} shard */
const shardName = (shard) => (shard ? `${shard[0]} of ${shard[1]}` : '–')

/** @param {ConnectionInfo} connection */
function stateOf({ close_code, closed_by, session_id }) {
  if (close_code !== null)
    return `${close_code === 1006 ? 'cut' : `closed ${close_code}`} by ${closed_by === 'client' ? 'the bot' : 'us'}`
  return session_id === null ? 'open, not identified' : 'open'
}

/** @returns {Part<ConnectionInfo>} */
function connectionRow() {
  const cells = ['code', '', 'code', ''].map((name) => element('td', { class: name }))
  const node = element('tr', {}, ...cells)
  return {
    node,
    show: (connection) => {
      const opened = connection.opened_by?.toUpperCase() ?? '–'
      const texts = [String(connection.id), shardName(connection.shard), opened, stateOf(connection)]
      cells.forEach((cell, at) => write(cell, texts[at] ?? ''))
      attribute(node, 'data-state', connection.close_code === null ? 'open' : 'closed')
      node.title = connection.session_id ? `session ${connection.session_id}` : 'no session'
    },
  }
}

/** In words, what a fault that lasts does. @param {ActiveFault} active */
function faultName({ fault, left }) {
  const place = 'connection' in fault && fault.connection !== undefined ? `connection ${fault.connection}` : ''
  const shard = 'shard' in fault && fault.shard !== undefined ? `shard ${fault.shard}` : ''
  const names = {
    no_ack: 'no ACKs',
    outage: 'outage',
    delay: 'delay',
    throttle: 'throttle',
    duplicate: 'dispatches twice',
    lose: 'dispatches lost',
    garble: 'dispatches garbled',
    refuse: 'connections refused',
    rest: 'REST fails',
    drop: 'the next connection is cut',
    close: 'close',
    reconnect: 'op 7',
    invalidate: 'op 9',
  }
  const ms = 'for_ms' in fault && fault.for_ms !== undefined ? `for ${fault.for_ms / 1000} s` : ''
  return [names[fault.kind], place, shard, ms, left === null ? '' : `${left} more`].filter(Boolean).join(', ')
}

/** @param {Page} page @param {ActiveFault} active @returns {Part<ActiveFault>} */
function faultRow(page, active) {
  const what = element('span', { class: 'grow' })
  const lift = element('button', { class: 'button tiny' }, 'Lift')
  onPress(lift, () => page.act('Not lifted', () => simulator.lift(active.id)))
  return {
    node: element('li', { class: 'row' }, what, lift),
    show: (now) => {
      write(what, faultName(now))
      attribute(lift, 'aria-label', `Lift: ${faultName(now)}`)
    },
  }
}

/** The bots' connections, and what can be done to them. @param {Page} page */
export function createPlug(page) {
  const target = byId('target', HTMLSelectElement)
  const code = byId('code', HTMLSelectElement)
  const seconds = byId('seconds', HTMLInputElement)
  const form = byId('plug', HTMLFormElement)
  code.value = '4000'

  /** @param {string} act @returns {FaultInput | undefined} */
  const faultOf = (act) => {
    const at = target.value === 'all' ? {} : { connection: Number(target.value) }
    if (act === 'drop' || act === 'reconnect' || act === 'no_ack') return { kind: act, ...at }
    if (act === 'resumable') return { kind: 'invalidate', resumable: true, ...at }
    if (act === 'invalidate') return { kind: 'invalidate', resumable: false, ...at }
    if (act === 'close') return { kind: 'close', code: Number(code.value), ...at }
    if (act !== 'outage') return undefined
    const sessions = byId('die', HTMLInputElement).checked ? 'die' : 'live'
    return { kind: 'outage', for_ms: seconds.valueAsNumber * 1000, sessions }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const act = event.submitter instanceof HTMLButtonElement ? event.submitter.value : ''
    const fault = faultOf(act)
    const isOpen = page
      .view()
      .connections.some(
        ({ id, close_code }) => close_code === null && (target.value === 'all' || String(id) === target.value),
      )
    // What lasts may be there before the bot is.
    if (!isOpen && act !== 'outage' && act !== 'no_ack') {
      return refuse(
        'Nothing happened',
        target.value === 'all' ? 'No connection is open.' : 'That connection is closed.',
      )
    }
    if (fault) void page.act('Nothing happened', () => simulator.inject(fault))
  })
  onPress(byId('lift-all', HTMLButtonElement), () => page.act('Not lifted', () => simulator.lift()))

  return (/** @type {View} */ { connections, faults, bot, close_codes }) => {
    const open = connections.filter(({ close_code }) => close_code === null)
    const chosen = target.value
    const others = open.map(({ id, shard }) => ({
      value: String(id),
      label: `Connection ${id}, shard ${shardName(shard)}`,
    }))
    // One that has closed stays while it is chosen: nothing else must be hit instead.
    if (chosen && chosen !== 'all' && !others.some(({ value }) => value === chosen)) {
      others.push({ value: chosen, label: `Connection ${chosen}, closed` })
    }
    choices(target, [{ value: 'all', label: 'All open connections' }, ...others])
    const codes = Object.entries({ ...NORMAL, ...close_codes })
    const isFirst = code.options.length === 0
    choices(
      code,
      codes.map(([value, reason]) => ({ value, label: `${value} ${reason.replace(/\.$/, '')}` })),
      isFirst ? '4000' : undefined,
    )
    write(byId('open', HTMLElement), open.length === 1 ? '1 connection open' : `${open.length} connections open`)
    byId('no-bot', HTMLElement).hidden = open.length > 0
    write(byId('api', HTMLElement), `${location.origin}/api`)
    write(byId('token', HTMLElement), bot.token)
    byId('connections-table', HTMLElement).hidden = connections.length === 0
    keyed(byId('connections', HTMLElement), connections, ({ id }) => String(id), connectionRow)
    byId('lasting', HTMLElement).hidden = faults.length === 0
    keyed(
      byId('faults', HTMLElement),
      faults,
      ({ id }) => String(id),
      (fault) => faultRow(page, fault),
    )
  }
}
