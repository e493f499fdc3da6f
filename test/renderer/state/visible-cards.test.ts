import { expect, test } from 'vitest'
import { createSight, type Watcher } from '../../../src/renderer/state/visible-cards'

/** Cards of one scrolling element, and an observer that is told by hand what it sees. */
function sights() {
  const scroller = {}
  const watched = new Set<unknown>()
  let see: IntersectionObserverCallback = () => {}
  let watchers = 0
  const near: (readonly string[])[] = []
  const sight = createSight(
    (podIds) => near.push(podIds),
    (_root, onSeen) => {
      see = onSeen
      watchers += 1
      return { observe: (card) => watched.add(card), unobserve: (card) => watched.delete(card) } as Watcher
    },
  )
  const card = () => ({ closest: () => scroller }) as unknown as Element
  const show = (...entries: readonly (readonly [Element, boolean])[]) =>
    see(
      entries.map(([target, isIntersecting]) => ({ target, isIntersecting }) as IntersectionObserverEntry),
      {} as IntersectionObserver,
    )
  return { sight, card, show, near, watched, watcherCount: () => watchers }
}

test('a card is told when it comes near and when it goes, and all that are near are known', () => {
  const { sight, card, show, near, watcherCount } = sights()
  const [a, b] = [card(), card()]
  const said: string[] = []
  sight.watch(a, 'a', (is) => said.push(`a ${is}`))
  sight.watch(b, 'b', (is) => said.push(`b ${is}`))
  show([a, true], [b, true])
  show([a, true], [b, false])
  expect(said).toEqual(['a true', 'b true', 'b false'])
  expect(near).toEqual([['a', 'b'], ['a']])
  expect(watcherCount()).toBe(1)
})

test('a card that is gone is neither watched nor near', () => {
  const { sight, card, show, near, watched } = sights()
  const [a, b] = [card(), card()]
  const end = sight.watch(a, 'a', () => {})
  sight.watch(b, 'b', () => {})
  show([a, true])
  end()
  show([a, false], [b, true])
  expect(near.at(-1)).toEqual(['b'])
  expect(watched).toEqual(new Set([b]))
})
