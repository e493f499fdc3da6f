import type { PodKey } from '../../core/pods/pod'

/**
 * Tracks which cards are in or near the viewport. Only those are rendered in full and have their history
 * requested.
 */
export interface VisibleCards {
  /**
   * Calls `onChange` when `element`, the card of `podKey`, comes near the viewport or leaves it, and when the card before
   * or after it gets the focus; returns the function that stops it.
   */
  observe(element: Element, podKey: PodKey, onChange: (isNear: boolean) => void): () => void
}

/** The part of `IntersectionObserver` that is used here. */
export type CardObserver = Pick<IntersectionObserver, 'observe' | 'unobserve'>

/** Distance from the viewport within which a card counts as near, enough for one wheel flick or Tab press. */
const NEAR_MARGIN = '800px 0px'

/**
 * `onNearChange` receives all near pods after every change. `createObserver` creates the observer of one
 * scrolling element; tests replace it.
 */
export function createVisibleCards(
  onNearChange: (podKeys: readonly PodKey[]) => void,
  createObserver: (root: Element | null, onIntersection: IntersectionObserverCallback) => CardObserver = (
    root,
    onIntersection,
  ) => new IntersectionObserver(onIntersection, { root, rootMargin: NEAR_MARGIN }),
): VisibleCards {
  const observers = new WeakMap<Element, CardObserver>()
  const cards = new Map<Element, { podKey: PodKey; onChange: (isNear: boolean) => void }>()
  const nearCards = new Map<Element, PodKey>()

  function updateNearCards(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const card = cards.get(target)
      if (card === undefined || nearCards.has(target) === isIntersecting) continue
      if (isIntersecting) nearCards.set(target, card.podKey)
      else nearCards.delete(target)
      card.onChange(isIntersecting)
    }
    onNearChange([...nearCards.values()])
  }

  /** Tab goes on into the next card, however late the observer reports on a busy machine. */
  function prepareNeighbors(root: Element, focused: Element): void {
    const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_ELEMENT, (node) =>
      cards.has(node as Element) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP,
    )
    walker.currentNode = focused
    const card = cards.has(focused) ? focused : walker.parentNode()
    if (card === null) return
    for (const step of ['nextNode', 'previousNode'] as const) {
      walker.currentNode = card
      const neighbor = walker[step]()
      if (neighbor !== null) cards.get(neighbor as Element)?.onChange(true)
    }
  }

  let isReportDue = false
  /** Reports once what many cards that go at the same time leave. */
  function reportSoon(): void {
    if (isReportDue) return
    isReportDue = true
    queueMicrotask(() => {
      isReportDue = false
      onNearChange([...nearCards.values()])
    })
  }

  return {
    observe(element, podKey, onChange) {
      // The margin only works when the scrolling element is the root itself.
      const root = element.closest('.scroller') ?? element.ownerDocument.documentElement
      let observer = observers.get(root)
      if (observer === undefined) {
        observer = createObserver(root, updateNearCards)
        observers.set(root, observer)
        root.addEventListener('focusin', ({ target }) => prepareNeighbors(root, target as Element))
      }
      cards.set(element, { podKey, onChange })
      observer.observe(element)
      return () => {
        observer.unobserve(element)
        cards.delete(element)
        if (nearCards.delete(element)) reportSoon()
      }
    },
  }
}
