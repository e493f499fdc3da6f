import { expect, test } from 'vitest'
import type { PodKey } from '../../../src/core/pods/pod'
import { rowColors } from '../../../src/renderer/pod-model/pod-color'

const pods = (colors: Readonly<Record<string, number>>) =>
  new Map(Object.entries(colors).map(([id, color]) => [`a/${id}` as PodKey, { color }]))
const row = (id: string, state: 'on' | 'gone' | null = 'on') => {
  const kind = id.split('/')[0] as 'pod' | 'volume' | 'other'
  return { id: id as `pod/${string}`, kind, state }
}

test('a row of the costs has the color that its pod has on every screen, and is gray once the pod is gone', () => {
  const rows = [row('pod/x'), row('pod/y'), row('pod/z', 'gone'), row('other', null)]
  expect([...rowColors(rows, 'a', pods({ x: 3, y: 3, z: 1 }))]).toEqual([
    ['pod/x', 'p3'],
    ['pod/y', 'p3'],
    ['pod/z', 'faded'],
    ['other', 'others'],
  ])
})

test('a network volume has a color that no pod among the rows has', () => {
  const rows = [
    ...Array.from({ length: 6 }, (_, at) => row(`pod/${at}`)),
    row('volume/v', null),
    row('volume/w', null),
  ]
  const taken = { 0: 1, 1: 2, 2: 3, 3: 5, 4: 6, 5: 8 }
  const colors = rowColors(rows, 'a', pods(taken))
  expect(new Set([colors.get('volume/v'), colors.get('volume/w')])).toEqual(new Set(['p4', 'p7']))
})

test('a pod that is in the bills only, and no list yet, has a color of its own', () => {
  const colors = [...rowColors([row('pod/x', null), row('pod/y')], 'a', pods({ y: 2 })).values()]
  expect(new Set(colors).size).toBe(2)
  expect(colors[0]).toMatch(/^p[1-8]$/)
})
