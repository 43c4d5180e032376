import { Component, createRef, type ReactNode } from 'react'

/**
 * Holds its height from when it is `held`, whatever it then contains: what stands around it stays where it is. A class, since
 * only a class is asked for its size when what is new is known and what was is still there.
 */
export class KeepHeight extends Component<{ held: boolean; children: ReactNode }> {
  readonly #element = createRef<HTMLDivElement>()

  override getSnapshotBeforeUpdate({ held }: { held: boolean }): number | null {
    return this.props.held && !held ? (this.#element.current?.offsetHeight ?? null) : null
  }

  override componentDidUpdate(_before: unknown, _state: unknown, height: number | null): void {
    if (height !== null) this.#element.current?.style.setProperty('min-height', `${height}px`)
  }

  override render(): ReactNode {
    return (
      <div ref={this.#element} className="min-w-0">
        {this.props.children}
      </div>
    )
  }
}
