import { expect, test } from 'vitest'
import type { DataImpact } from '../../../src/core/pods/data-impact'
import { bulkText, keptText, notSelectedText, stopIdleLabel } from '../../../src/renderer/pods/bulk/bulk-text'
import { stoppable, stopSaving } from '../../../src/core/view/stops/stop-plan'
import { savesText } from '../../../src/core/view/stops/stop-plan-text'
import { idleFor, podView } from '../../harness/samples/pod-views'

const volume: DataImpact = {
  impact: 'kept',
  storage: 'volume',
  sizeGb: 100,
  path: '/workspace',
  stoppedCostPerDayUsd: 0.72,
}

test('a saving is net of what the disks keep costing, and a minimum where a price is unknown', () => {
  const pods = [
    podView({ costPerHourUsd: 3.99, stopImpact: [volume] }),
    podView({ costPerHourUsd: 0.69, stopImpact: [] }),
  ]
  expect(stopSaving(pods).perHourUsd).toBeCloseTo(3.99 - 0.03 + 0.69)
  expect(savesText(stopSaving(pods))).toMatch(/^saves \$4\.65\/hr/)
  expect(savesText(stopSaving([...pods, podView({ costPerHourUsd: null })]))).toMatch(
    /^saves at least \$4\.65/,
  )
  expect(stopSaving([podView({ costPerHourUsd: 0.01, stopImpact: [volume] })]).perHourUsd).toBe(0)
})

test('a pod that would lose everything says so, and why it is not selected', () => {
  expect(keptText(podView({ stopImpact: [] }))).toBe('All data on this pod will be lost')
  expect(keptText(podView({ stopImpact: [volume] }))).toMatch(/^Keeps \/workspace/)
  expect(notSelectedText([])).toBeNull()
  expect(notSelectedText([podView({ name: 'a' })])).toMatch(/^a would lose all data and is left out\./)
  expect(notSelectedText([podView(), podView()])).toMatch(
    /^2 would lose all data and are left out\..*asked about each\.$/,
  )
})

test('the question counts the pods that are selected, and calls them idle only where all are', () => {
  const idle = podView({ activity: idleFor(20) })
  expect(bulkText.stopQuestion([idle, idle, idle], [idle, idle])).toBe('Stop 2 idle pods?')
  expect(bulkText.stopQuestion([idle, podView()], [idle, podView()])).toBe('Stop 2 pods?')
  expect(bulkText.stopQuestion([idle, idle], [idle])).toBe('Stop llama-70b-sft?')
  expect(bulkText.stopQuestion([idle, idle], [])).toBe('Stop 2 idle pods?')
})

test('only pods that allow a stop are offered, and two are called both', () => {
  expect(stoppable([podView(), podView({ actions: [] })])).toHaveLength(1)
  expect([stopIdleLabel(2), stopIdleLabel(42)]).toEqual(['Stop both idle…', 'Stop all 42 idle…'])
})
