import { expect, test } from 'vitest'
import { firstToOpen } from '../../../src/renderer/popover/use-open-pod'
import { arrangePods } from '../../../src/renderer/state/arrange/arrange-pods'
import type { PodView } from '../../../src/core/view/snapshot'
import { idleFor, NOW_MS, podView } from '../../harness/samples/pod-views'

const sections = (...pods: PodView[]) => arrangePods(pods, { nowMs: NOW_MS, nameOf: () => '' })
const busy = podView({ id: 'busy', name: 'busy' })
const cheap = podView({ id: 'cheap', name: 'cheap', activity: idleFor(60), costPerHourUsd: 1 })
const dear = podView({ id: 'dear', name: 'dear', activity: idleFor(60), costPerHourUsd: 4 })

test('the first pod that needs the user is open', () => {
  expect(firstToOpen(sections(busy, cheap, dear))).toBe(dear.key)
})

test('the only pod is open, whatever its state', () => {
  expect(firstToOpen(sections(busy))).toBe(busy.key)
})

test('none is open among several that need nothing, nor where there is none', () => {
  expect(firstToOpen(sections(busy, { ...busy, key: cheap.key }))).toBeNull()
  expect(firstToOpen(sections())).toBeNull()
})
