import { expect, test } from 'vitest'
import { grownPriceText, newPriceText } from '../../../src/core/changes/volume-price-text'
import type { VolumeView } from '../../../src/core/view/volumes-view'
import {
  gpusText,
  perMonthText,
  staleText,
  totalPerMonthText,
  totalText,
  unusedText,
} from '../../../src/renderer/volumes/volumes-text'
import { volume } from '../../harness/samples/configurations'

const view = (more: Partial<VolumeView> = {}): VolumeView => ({
  ...volume(),
  perMonthUsd: 7,
  podIds: [],
  unusedSinceMs: 0,
  ...more,
})

test('a price that is not known is never $0', () => {
  expect(perMonthText(view({ perMonthUsd: null }))).toBe('unknown')
  expect(totalPerMonthText([view(), view({ perMonthUsd: null })])).toBe('at least $7.00')
  expect(totalPerMonthText([view({ perMonthUsd: null })])).toBe('an unknown amount')
  expect(totalPerMonthText([view(), view()])).toBe('$14.00')
  expect(newPriceText(null)).toContain('no public price')
  expect(newPriceText(7)).toBe('It costs $7.00 a month until you delete it, even without a pod.')
  expect(grownPriceText(7, 14)).toBe('It will cost $14.00 a month instead of $7.00.')
  expect(grownPriceText(null, null)).toContain('no public price')
  // Of a volume whose size is not known.
  expect(grownPriceText(null, 14)).toBe('It will cost $14.00 a month.')
})

test('unused volumes are counted only if every pod is known', () => {
  const volumes = [view(), view({ podIds: ['a'] })]
  expect(totalText(volumes, true)).toBe('2 volumes · $14.00 a month · 1 unused')
  expect(totalText(volumes, false)).toBe('2 volumes · $14.00 a month')
  expect(totalText([], true)).toBe('0 volumes')
})

test('since when a volume is unused is at least as long as that was seen', () => {
  const day = 86_400_000
  expect(unusedText(view(), true, 3 * day)).toBe('unused for at least 3 d')
  expect(unusedText(view(), true, 30_000)).toBe('unused')
  expect(unusedText(view({ unusedSinceMs: null }), true, 3 * day)).toBe('unused')
  expect(unusedText(view(), false, 3 * day)).toContain('not known')
})

test('a list that could not be read again says so with its time', () => {
  const list = { volumes: [], arePodsKnown: true, open: [] }
  expect(staleText({ ...list, readAtMs: 0, problem: null }, 1)).toBeNull()
  expect(staleText({ ...list, readAtMs: null, problem: 'No reply.' }, 1)).toBe(
    'Couldn’t read the volumes: No reply.',
  )
  expect(staleText({ ...list, readAtMs: 0, problem: 'No reply.' }, 1)).toMatch(
    /this is the list from .*: No reply\./,
  )
})

test('the GPUs of a data center are those in stock, the first ones by name', () => {
  expect(gpusText({ gpus: [{ name: 'H100 SXM', stock: 'none' }] })).toBe('No GPU is in stock there now.')
  const gpus = Array.from({ length: 8 }, (_, index) => ({ name: `G${index}`, stock: 'low' }) as const)
  expect(gpusText({ gpus })).toBe(
    'GPUs in stock there: G0 (low), G1 (low), G2 (low), G3 (low), G4 (low), G5 (low) and 2 more',
  )
})
