/** As much of a browser's storage as this needs; https://html.spec.whatwg.org/multipage/webstorage.html */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/**
 * Texts that a browser keeps, under names that begin alike. What cannot be kept, for want of room or of permission, is there for
 * as long as the page lives: nothing throws.
 */
export class KeptTexts {
  readonly #storage: () => TextStorage | null
  readonly #prefix: string

  /** @param storage null, or it throws: nothing may be kept here. */
  constructor(storage: () => TextStorage | null, prefix: string) {
    this.#storage = storage
    this.#prefix = prefix
  }

  get(name: string): string | null {
    return this.#try((storage) => storage.getItem(name))
  }

  set(name: string, text: string): void {
    this.#try((storage) => storage.setItem(name, text))
  }

  remove(name: string): void {
    this.#try((storage) => storage.removeItem(name))
  }

  removeWhere(is: (name: string) => boolean): void {
    for (const name of this.names()) if (is(name)) this.remove(name)
  }

  names(): string[] {
    const names = this.#try((storage) => Array.from({ length: storage.length }, (_, index) => storage.key(index)))
    return (names ?? []).filter((name) => name !== null).filter((name) => name.startsWith(this.#prefix))
  }

  #try<T>(what: (storage: TextStorage) => T): T | null {
    try {
      const storage = this.#storage()
      return storage === null ? null : what(storage)
    } catch {
      return null
    }
  }
}
