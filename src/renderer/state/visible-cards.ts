import type { PodId } from '../../core/pods/pod'

/** Which cards are in sight or near it: only those are drawn whole, and only their histories are asked for. */
export interface VisibleCards {
  /** Tells `onChange` when `element`, the card of `podId`, comes near or goes; returns what ends that. */
  observe(element: Element, podId: PodId, onChange: (isNear: boolean) => void): () => void
}

/** What of an `IntersectionObserver` is used here. */
export type CardObserver = Pick<IntersectionObserver, 'observe' | 'unobserve'>

/** How far beyond the edge a card counts as near: what a flick of the wheel or a press of Tab may reach. */
const NEAR_MARGIN = '800px 0px'

/**
 * `onNear` gets all near pods after every change. `watcherOf` makes the observer of one scrolling element; only
 * tests give another.
 */
export function createVisibleCards(
  onNearChange: (podIds: readonly PodId[]) => void,
  createObserver: (root: Element | null, onIntersection: IntersectionObserverCallback) => CardObserver = (
    root,
    onIntersection,
  ) => new IntersectionObserver(onIntersection, { root, rootMargin: NEAR_MARGIN }),
): VisibleCards {
  const observers = new WeakMap<Element, CardObserver>()
  const cards = new Map<Element, { podId: PodId; onChange: (isNear: boolean) => void }>()
  const nearCards = new Map<Element, PodId>()

  function updateNearCards(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const card = cards.get(target)
      if (card === undefined || nearCards.has(target) === isIntersecting) continue
      if (isIntersecting) nearCards.set(target, card.podId)
      else nearCards.delete(target)
      card.onChange(isIntersecting)
    }
    onNearChange([...nearCards.values()])
  }

  return {
    observe(element, podId, onChange) {
      // The margin counts only when the element that scrolls is the root itself.
      const root = element.closest('.scroller') ?? element.ownerDocument.documentElement
      const observer = observers.get(root) ?? createObserver(root, updateNearCards)
      observers.set(root, observer)
      cards.set(element, { podId, onChange })
      observer.observe(element)
      return () => {
        observer.unobserve(element)
        cards.delete(element)
        nearCards.delete(element)
      }
    },
  }
}
