/**
 * One thing on the page, and how it comes to show an item.
 * @template T
 * @typedef {{ node: HTMLElement, show: (item: T) => void }} Part
 */

/** @type {WeakMap<Element, Part<never>>} */
const parts = new WeakMap()

/**
 * Makes a list's children be those of the items, in their order. What stays is the same element as before, and is not
 * moved for the sake of what comes or goes: it keeps its focus, its text and its place under the pointer.
 * @template T
 * @param {Element} list
 * @param {readonly T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => Part<T>} make
 */
export function keyed(list, items, keyOf, make) {
  const wanted = new Map(items.map((item) => [keyOf(item), item]))
  /** @type {Map<string, HTMLElement>} */
  const there = new Map()
  for (const child of Array.from(list.children)) {
    const key = child instanceof HTMLElement ? child.dataset['key'] : undefined
    if (key === undefined || !wanted.has(key)) child.remove()
    else if (child instanceof HTMLElement) there.set(key, child)
  }
  let place = list.firstElementChild
  for (const [key, item] of wanted) {
    let node = there.get(key)
    if (!node) {
      const part = make(item)
      node = part.node
      node.dataset['key'] = key
      parts.set(node, part)
    }
    if (node === place) place = place.nextElementSibling
    else list.insertBefore(node, place)
    const part = /** @type {Part<T> | undefined} */ (parts.get(node))
    part?.show(item)
  }
}

/**
 * An element with attributes and children. Text is only ever text: what people write is not read as markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Readonly<Record<string, string>>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

/**
 * One of the symbols of index.html. With a name it is more than decoration.
 * @param {string} id
 * @param {string} [name]
 */
export function icon(id, name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', `#i-${id}`)
  svg.setAttribute('class', 'i')
  if (name === undefined) svg.setAttribute('aria-hidden', 'true')
  else {
    svg.setAttribute('role', 'img')
    svg.setAttribute('aria-label', name)
  }
  svg.append(use)
  return svg
}

/**
 * Writes a text, unless it is there already: what does not change is not touched, and nothing announces it again.
 * @param {Element} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/**
 * Sets an attribute, or takes it away for null. Touches nothing that is so already.
 * @param {Element} node
 * @param {string} name
 * @param {string | null} value
 */
export function attribute(node, name, value) {
  if (node.getAttribute(name) === value) return
  if (value === null) node.removeAttribute(name)
  else node.setAttribute(name, value)
}

/**
 * An element of index.html.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${kind.name} ${id}`)
}

/**
 * Keeps a select's options. One that is open, or has a choice that is still there, is left alone.
 * @param {HTMLSelectElement} select
 * @param {readonly { value: string, label: string }[]} options
 * @param {string} [chosen]
 */
export function choices(select, options, chosen) {
  keyed(
    select,
    options,
    ({ value }) => value,
    ({ value }) => {
      const node = element('option', { value })
      return { node, show: ({ label }) => write(node, label) }
    },
  )
  if (chosen !== undefined && select.value !== chosen) select.value = chosen
}

/**
 * Does something whenever a button is pressed.
 * @param {Element} button
 * @param {() => unknown} act
 */
export const onPress = (button, act) => button.addEventListener('click', () => void act())
