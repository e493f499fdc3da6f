import { Component, createRef, type ReactNode } from 'react'

interface Anchor {
  readonly element: Element
  readonly top: number
}

/**
 * Keeps what is read in its place while rows are added above it: the row under the pointer, the one with the focus, or
 * the first one in view once the page is scrolled.
 */
export class KeptPlace extends Component<{ readonly children: ReactNode }> {
  readonly #list = createRef<HTMLDivElement>()

  override getSnapshotBeforeUpdate(): Anchor | null {
    const element = this.#anchor()
    return element && { element, top: element.getBoundingClientRect().top }
  }

  override componentDidUpdate(_props: unknown, _state: unknown, anchor: Anchor | null): void {
    const scroller = this.#scroller()
    if (anchor === null || scroller === null || !anchor.element.isConnected) return
    scroller.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top
  }

  #scroller(): Element | null {
    return this.#list.current?.closest('.scroller') ?? null
  }

  #anchor(): Element | null {
    const list = this.#list.current
    const scroller = this.#scroller()
    if (list === null || scroller === null) return null
    const focused = list.contains(document.activeElement) ? document.activeElement : null
    const read = list.querySelector('.entry:hover') ?? focused?.closest('.entry')
    if (read) return read
    if (scroller.scrollTop === 0) return null
    const { top } = scroller.getBoundingClientRect()
    return (
      [...list.querySelectorAll('.entry')].find((row) => row.getBoundingClientRect().bottom > top) ?? null
    )
  }

  override render() {
    return (
      <div ref={this.#list} className="activity-days">
        {this.props.children}
      </div>
    )
  }
}
