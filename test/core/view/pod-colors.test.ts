import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PodKey } from '../../../src/core/pods/pod'
import {
  assignPodColors,
  type ColoredPod,
  createPodColors,
  parsePodColors,
  POD_COLORS,
  type PodColor,
  type PodColorStore,
  preferredColor,
} from '../../../src/core/view/pod-colors'
import { podView } from '../../harness/samples/pod-views'

const NONE: ReadonlyMap<PodKey, PodColor> = new Map()
const pod = (key: string, createdAtMs: number | null = null): ColoredPod => ({
  key: key as PodKey,
  createdAtMs,
})

const podsOf = (accounts: readonly string[], maxLength: number) =>
  fc
    .uniqueArray(
      fc.record({
        account: fc.constantFrom(...accounts),
        id: fc.string({ maxLength: 6 }),
        createdAtMs: fc.option(fc.nat(20)),
      }),
      { maxLength, selector: ({ account, id }) => `${account}/${id}` },
    )
    .map((all) => all.map(({ account, id, createdAtMs }) => pod(`${account}/${id}`, createdAtMs)))

const accountOf = ({ key }: ColoredPod): string => key.slice(0, key.indexOf('/'))
const colorsOf = (pods: readonly ColoredPod[], colors: ReadonlyMap<PodKey, PodColor>) =>
  pods.map(({ key }) => colors.get(key))
const areDistinct = (all: readonly unknown[]): boolean => new Set(all).size === all.length

/** What a program shows one after the other, from its start. */
const history = fc.array(podsOf(['a', 'b', 'c'], 14), { minLength: 1, maxLength: 8 })
const play = (steps: readonly (readonly ColoredPod[])[]) => {
  let kept = NONE
  return steps.map((pods) => (kept = assignPodColors(pods, kept)))
}

describe('the colors of pods', () => {
  test('are different while there are enough, among all pods or else in each account, whatever was shown before', () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const [at, colors] of play(steps).entries()) {
          const pods = steps[at] ?? []
          expect([...colors.keys()].sort()).toEqual(pods.map(({ key }) => key).sort())
          for (const color of colors.values()) expect(color >= 1 && color <= POD_COLORS).toBe(true)
          if (pods.length <= POD_COLORS) expect(areDistinct(colorsOf(pods, colors))).toBe(true)
          for (const account of ['a', 'b', 'c']) {
            const own = pods.filter((one) => accountOf(one) === account)
            if (own.length <= POD_COLORS) expect(areDistinct(colorsOf(own, colors))).toBe(true)
          }
        }
      }),
    )
  })

  test('stay as they are while pods come and leave, as long as there are enough for all', () => {
    fc.assert(
      fc.property(fc.array(podsOf(['a', 'b'], POD_COLORS), { minLength: 2, maxLength: 8 }), (steps) => {
        const played = play(steps)
        for (const [at, colors] of played.entries())
          for (const [key, color] of played[at - 1] ?? [])
            if (colors.has(key)) expect(colors.get(key)).toBe(color)
      }),
    )
  })

  test('stay as they are while newer pods come, however many', () => {
    fc.assert(
      fc.property(podsOf(['a'], 30), fc.nat(30), (pods, count) => {
        const byAge = [...pods].sort((a, b) => (a.createdAtMs ?? 99) - (b.createdAtMs ?? 99))
        const before = assignPodColors(byAge.slice(0, count), NONE)
        const after = assignPodColors(byAge, before)
        for (const [key, color] of before) expect(after.get(key)).toBe(color)
      }),
    )
  })

  test('are the same after a restart, in whatever order the pods are listed', () => {
    fc.assert(
      fc.property(podsOf(['a', 'b'], 20), fc.nat(), (pods, seed) => {
        const shuffled = [...pods].sort((a, b) => ((a.key.length * seed) % 7) - ((b.key.length * seed) % 7))
        expect(new Map(assignPodColors(shuffled, NONE))).toEqual(
          new Map(assignPodColors([...pods].reverse(), NONE)),
        )
      }),
    )
  })

  test('are used evenly by the pods of one account', () => {
    fc.assert(
      fc.property(podsOf(['a'], 40), (pods) => {
        const counts = new Map<PodColor, number>()
        for (const color of assignPodColors(pods, NONE).values())
          counts.set(color, (counts.get(color) ?? 0) + 1)
        const all = Array.from({ length: POD_COLORS }, (_, at) => counts.get(at + 1) ?? 0)
        expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

test('two pods that prefer the same color get different ones, and the older one its own', () => {
  const wanted = preferredColor('a/0')
  const [rival = ''] = Array.from({ length: 99 }, (_, at) => `a/${at + 1}`).filter(
    (key) => preferredColor(key as PodKey) === wanted,
  )
  const colors = assignPodColors([pod(rival, 2), pod('a/0', 1)], NONE)
  expect(colors.get('a/0')).toBe(wanted)
  expect(colors.get(rival as PodKey)).not.toBe(wanted)
  // Once the older one is gone, the other one keeps what it got.
  expect(assignPodColors([pod(rival, 2)], colors)).toEqual(new Map([[rival, colors.get(rival as PodKey)]]))
})

test('where all colors were shared, the younger one of two gets another one as soon as there are enough', () => {
  const colors = new Map<PodKey, PodColor>([
    ['a/old', 3],
    ['a/young', 3],
  ])
  const result = assignPodColors([pod('a/young', 9), pod('a/old', 1)], colors)
  expect(result.get('a/old')).toBe(3)
  expect(result.get('a/young')).not.toBe(3)
})

test('a pod that is away for a while, as during a change of the key, gets its color back', () => {
  const colors = createPodColors()
  const keys = Array.from({ length: 5 }, (_, at) => podView({ id: `pod-${at}`, createdAtMs: 9 - at }))
  const [before] = [colors.paint(keys)]
  colors.paint([])
  expect(colors.paint([...keys].reverse())).toEqual([...before].reverse())
})

test('a pod whose color is right already stays the same object', () => {
  const colors = createPodColors()
  const [painted] = colors.paint([podView()])
  expect(colors.paint(painted === undefined ? [] : [painted])[0]).toBe(painted)
})

/** What is stored, as text, and how often it was written. */
function storedColors(text = '{}'): PodColorStore & { readonly saves: () => number } {
  let stored = text
  let saves = 0
  return {
    load: () => parsePodColors(JSON.parse(stored)),
    save(colors) {
      stored = JSON.stringify(Object.fromEntries(colors))
      saves += 1
    },
    saves: () => saves,
  }
}

test('pods keep their colors over restarts, whichever others left or came before them', () => {
  const step = fc.record({ pods: podsOf(['a', 'b'], POD_COLORS), isRestart: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 8 }), (steps) => {
      const store = storedColors()
      let colors = createPodColors(store)
      let before = NONE
      for (const { pods, isRestart } of steps) {
        if (isRestart) colors = createPodColors(store)
        const painted = colors.paint(pods.map((one) => ({ ...one, color: 1 })))
        const now = new Map(painted.map(({ key, color }) => [key, color]))
        for (const [key, color] of before) if (now.has(key)) expect(now.get(key)).toBe(color)
        before = now
      }
    }),
  )
})

test('colors are stored when a pod gets one, and not at each poll', () => {
  const store = storedColors()
  const colors = createPodColors(store)
  const [first, second] = [podView({ id: 'pod-1' }), podView({ id: 'pod-2' })]
  colors.paint([first])
  colors.paint([first])
  colors.paint([])
  expect(store.saves()).toBe(1)
  colors.paint([first, second])
  expect(store.saves()).toBe(2)
})

test('of what is stored, only colors of pods count', () => {
  const stored = '{"a/1":2,"a/2":0,"a/3":9,"a/4":1.5,"a/5":"3","a/6":null,"none":4,"__proto__":{"a/7":5}}'
  expect(parsePodColors(JSON.parse(stored))).toEqual(new Map([['a/1', 2]]))
  for (const other of [null, 'text', 7, [1, 2]]) expect(parsePodColors(other)).toEqual(NONE)
})
