import { expect, test } from 'vitest'
import { type CardObserver, createVisibleCards } from '../../../src/renderer/state/visible-cards'

/** Cards in one scrolling element, and an observer whose intersections the test controls. */
function createFixture() {
  const scroller = { addEventListener() {} }
  const observedCards = new Set<unknown>()
  let notify: IntersectionObserverCallback = () => {}
  let observerCount = 0
  const nearCalls: (readonly string[])[] = []
  const visibleCards = createVisibleCards(
    (podKeys) => nearCalls.push(podKeys),
    (_root, onIntersection) => {
      notify = onIntersection
      observerCount += 1
      return {
        observe: (card) => observedCards.add(card),
        unobserve: (card) => observedCards.delete(card),
      } as CardObserver
    },
  )
  const card = () => ({ closest: () => scroller }) as unknown as Element
  const intersect = (...entries: readonly (readonly [Element, boolean])[]) =>
    notify(
      entries.map(([target, isIntersecting]) => ({ target, isIntersecting }) as IntersectionObserverEntry),
      {} as IntersectionObserver,
    )
  return { visibleCards, card, intersect, nearCalls, observedCards, getObserverCount: () => observerCount }
}

test('a card is notified when it comes near and when it leaves, and the set of near cards is reported', () => {
  const { visibleCards, card, intersect, nearCalls, getObserverCount } = createFixture()
  const [a, b] = [card(), card()]
  const calls: string[] = []
  visibleCards.observe(a, 'x/a', (isNear) => calls.push(`a ${isNear}`))
  visibleCards.observe(b, 'x/b', (isNear) => calls.push(`b ${isNear}`))
  intersect([a, true], [b, true])
  intersect([a, true], [b, false])
  expect(calls).toEqual(['a true', 'b true', 'b false'])
  expect(nearCalls).toEqual([['x/a', 'x/b'], ['x/a']])
  expect(getObserverCount()).toBe(1)
})

test('a removed card is neither observed nor near', () => {
  const { visibleCards, card, intersect, nearCalls, observedCards } = createFixture()
  const [a, b] = [card(), card()]
  const unobserve = visibleCards.observe(a, 'x/a', () => {})
  visibleCards.observe(b, 'x/b', () => {})
  intersect([a, true])
  unobserve()
  intersect([a, false], [b, true])
  expect(nearCalls.at(-1)).toEqual(['x/b'])
  expect(observedCards).toEqual(new Set([b]))
})

test('when a page goes, its cards are no longer near, which is reported once', async () => {
  const { visibleCards, card, intersect, nearCalls } = createFixture()
  const cards = [card(), card(), card()]
  const unobserve = cards.map((one, index) => visibleCards.observe(one, `x/${index}`, () => {}))
  intersect(...cards.map((one) => [one, true] as const))
  nearCalls.length = 0
  unobserve.forEach((each) => each())
  await Promise.resolve()
  expect(nearCalls).toEqual([[]])
})
