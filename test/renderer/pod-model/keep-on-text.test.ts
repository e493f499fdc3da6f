import { expect, test } from 'vitest'
import { HOUR_MS } from '../../../src/core/base/time'
import { keepOnLabel } from '../../../src/renderer/pod-model/keep-on-text'
import { NOW_MS } from '../../harness/pod-views'

test('the label of a morning names the day unless it is today', () => {
  const atHour = (hour: number) => new Date(2026, 10, 24, hour).getTime()
  expect(keepOnLabel('morning', atHour(14))).toBe('Until Wed 09:00')
  expect(keepOnLabel('morning', atHour(2))).toBe('Until 09:00')
  expect(keepOnLabel('4-hours', NOW_MS + HOUR_MS)).toBe('For 4 hours')
})
