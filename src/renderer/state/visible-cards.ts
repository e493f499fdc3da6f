import type { PodId } from '../../core/pods/pod'

/** Which cards are in sight or near it: only those are drawn whole, and only their histories are asked for. */
export interface Sight {
  /** Tells `onChange` when `element`, the card of `podId`, comes near or goes; returns what ends that. */
  watch(element: Element, podId: PodId, onChange: (isNear: boolean) => void): () => void
}

/** What of an `IntersectionObserver` is used here. */
export type Watcher = Pick<IntersectionObserver, 'observe' | 'unobserve'>

/** How far beyond the edge a card counts as near: what a flick of the wheel or a press of Tab may reach. */
const NEAR = '800px 0px'

/**
 * `onNear` gets all near pods after every change. `watcherOf` makes the observer of one scrolling element; only
 * tests give another.
 */
export function createSight(
  onNear: (podIds: readonly PodId[]) => void,
  watcherOf: (root: Element | null, onSeen: IntersectionObserverCallback) => Watcher = (root, onSeen) =>
    new IntersectionObserver(onSeen, { root, rootMargin: NEAR }),
): Sight {
  const watchers = new WeakMap<Element, Watcher>()
  const cards = new Map<Element, { podId: PodId; onChange: (isNear: boolean) => void }>()
  const near = new Map<Element, PodId>()

  function look(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const card = cards.get(target)
      if (card === undefined || near.has(target) === isIntersecting) continue
      if (isIntersecting) near.set(target, card.podId)
      else near.delete(target)
      card.onChange(isIntersecting)
    }
    onNear([...near.values()])
  }

  return {
    watch(element, podId, onChange) {
      // The margin counts only when the element that scrolls is the root itself.
      const root = element.closest('.scroller') ?? element.ownerDocument.documentElement
      const watcher = watchers.get(root) ?? watcherOf(root, look)
      watchers.set(root, watcher)
      cards.set(element, { podId, onChange })
      watcher.observe(element)
      return () => {
        watcher.unobserve(element)
        cards.delete(element)
        near.delete(element)
      }
    },
  }
}
