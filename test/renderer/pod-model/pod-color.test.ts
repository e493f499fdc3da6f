import { expect, test } from 'vitest'
import type { PodKey } from '../../../src/core/pods/pod'
import { podColor } from '../../../src/renderer/pod-model/pod-color'

test('a pod has the same color whatever else there is, in this version and the next', () => {
  expect(['account/x1f2', 'account/x1f3', 'other/x1f2'].map((key) => podColor(key as PodKey))).toEqual([
    'p5',
    'p6',
    'p6',
  ])
})

test('a thousand pods with similar ids share the six colors about evenly', () => {
  const counts = new Map<string, number>()
  for (let at = 0; at < 1_000; at++) {
    const color = podColor(`account/pod-${at}`)
    counts.set(color, (counts.get(color) ?? 0) + 1)
  }
  expect([...counts.keys()].sort()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6'])
  for (const count of counts.values()) expect(count).toBeGreaterThan(100)
})

test('keys with any characters have a color', () => {
  for (const key of ['/', 'a/\u{1f600}', `a/${'x'.repeat(400)}`])
    expect(podColor(key as PodKey)).toMatch(/^p[1-6]$/)
})
