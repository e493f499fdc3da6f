import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { balanceEndText, heldReason, laneSentence } from '../../../src/renderer/next-stops/next-stops-text'
import { showAccount } from '../../../src/core/view/merge-snapshots'
import type { NextStop } from '../../../src/core/view/stops/next-stops'
import { axisTimes, stopsView, warningShares } from '../../../src/renderer/next-stops/stop-lanes'
import {
  accountEntry,
  guardViewWith,
  idleFor,
  NOW_MS,
  podView,
  snapshotOf,
  snapshotOfAccounts,
} from '../../harness/samples/pod-views'

const settings = { autoStopAfterMin: 360, autoStopFirstWarningMin: 30, autoStopLastWarningMin: 5 }
const planned = (id: string, inMs: number) =>
  podView({
    id,
    name: id,
    activity: idleFor(60),
    guard: guardViewWith({ kind: 'planned', cause: 'quiet', action: 'stop', atMs: NOW_MS + inMs }),
  })
const held = podView({
  id: 'held',
  name: 'held',
  guard: guardViewWith({
    kind: 'blocked',
    cause: 'quiet',
    conditions: ['data-survives'],
    text: 'Not stopped, since it has no volume.',
  }),
})
const view = (...args: Parameters<typeof snapshotOf>) => stopsView(snapshotOf(...args), settings)
const names = (lanes: readonly { readonly pod: { readonly name: string } }[] = []) =>
  lanes.map(({ pod }) => pod.name)

test('what is held comes first and has no time, and the others come by time', () => {
  const all = view([planned('later', 5 * HOUR_MS), planned('sooner', 4 * MINUTE_MS), held])
  expect(names(all?.lanes)).toEqual(['held', 'sooner', 'later'])
  expect(all?.lanes[0]?.stop.atMs).toBeNull()
  expect(all?.axisMs).toBe(5 * HOUR_MS)
  expect(heldReason(all!.lanes[0]!.stop)).toBe('it has no volume')
  expect(laneSentence(all!.lanes[0]!, NOW_MS, false)).toBe('held is not stopped, since it has no volume')
  expect(laneSentence(all!.lanes[1]!, NOW_MS, true)).toMatch(
    /^sooner: dry run: would stop if it stays quiet, /,
  )
})

test('the axis is a day at most, and what comes later is shown in words', () => {
  const all = view([planned('near', 2 * HOUR_MS), planned('far', 30 * HOUR_MS)])
  expect(names(all?.lanes)).toEqual(['near'])
  expect(names(all?.later)).toEqual(['far'])
  expect(all?.axisMs).toBe(2 * HOUR_MS)
  expect(view([planned('soon', MINUTE_MS)])?.axisMs).toBe(HOUR_MS)
})

test('there is no list without a rule while the balance lasts', () => {
  expect(view([podView()])).toBeNull()
  expect(view([podView()], { runwayMs: 25 * HOUR_MS })).toBeNull()
  expect(view([], {})).toBeNull()
})

test('a working pod that auto-stop watches has no lane, because nothing leads to its stop', () => {
  expect(view([podView({ guard: guardViewWith({ kind: 'watching', dueAtMs: null }) })])).toBeNull()
})

test('no stop has a time while the data is old', () => {
  const offline = {
    kind: 'offline',
    sinceMs: NOW_MS,
    nextTryAtMs: NOW_MS,
    failure: 'Runpod could not be reached.',
  } as const
  const all = view([planned('a', HOUR_MS)], { connection: offline })
  expect(all?.lanes.map(({ stop }) => stop.atMs)).toEqual([null])
})

test('a balance that ends within a day is drawn, and names how many pods are deleted', () => {
  const network = {
    impact: 'kept',
    storage: 'network-volume',
    sizeGb: null,
    path: '/w',
    stoppedCostPerDayUsd: null,
  } as const
  const safe = podView({ id: 'safe', terminateImpact: [network] })
  const all = view([safe, podView({ id: 'lost' })], { runwayMs: 9 * HOUR_MS })
  expect(all?.balanceEnd).toEqual({ atMs: NOW_MS + 9 * HOUR_MS, accountName: null, lostPods: 1 })
  expect(balanceEndText(all!.balanceEnd!)).toBe('Balance runs out; Runpod deletes 1 pod')
  expect(balanceEndText({ atMs: 0, accountName: 'Lab', lostPods: 0 })).toBe('Balance of Lab runs out')
})

test('of several accounts, the balance that ends first is drawn, and a dry run holds for its own account only', () => {
  const guard = { autoStop: 'all', areAutoStopsPaused: false, isDryRun: true } as const
  const snapshot = snapshotOfAccounts([
    {
      entry: accountEntry({ id: 'a', name: 'Own' }),
      pods: [{ ...planned('x', HOUR_MS), accountId: 'a' }],
      runwayMs: 20 * HOUR_MS,
      guard,
    },
    {
      entry: accountEntry({ id: 'b', name: 'Lab' }),
      pods: [{ ...planned('x', 2 * HOUR_MS), accountId: 'b' }],
      runwayMs: 3 * HOUR_MS,
      guard: { ...guard, isDryRun: false },
    },
  ])
  const all = stopsView(snapshot, settings)
  expect(all?.balanceEnd?.accountName).toBe('Lab')
  expect(all?.lanes.map(({ pod, stop }) => [pod.accountId, stop.text])).toEqual([
    ['a', 'would stop (dry run) if it stays quiet'],
    ['b', 'stops if it stays quiet'],
  ])
})

test('a pod that a lab shows as well has one lane, also where only the lab is shown', () => {
  const snapshot = snapshotOfAccounts([
    {
      entry: accountEntry({ id: 'a' }),
      pods: [{ ...planned('x', HOUR_MS), accountId: 'a', labKey: 'b/x-in-the-lab' as const }],
    },
    { entry: accountEntry({ id: 'b' }), pods: [] },
  ])
  expect(names(stopsView(snapshot, settings)?.lanes)).toEqual(['x'])
  expect(names(stopsView(showAccount(snapshot, 'b'), settings)?.lanes)).toEqual(['x'])
})

test('warnings are ticks before the stop, and past ones are not drawn', () => {
  const at = (inMin: number, state: NextStop['state'] = 'expected') =>
    warningShares({ atMs: NOW_MS + inMin * MINUTE_MS, state }, settings, NOW_MS, HOUR_MS)
  expect(at(60)).toEqual([0.5, 55 / 60])
  expect(at(20)).toEqual([0.25])
  expect(at(60, 'by-service')).toEqual([])
  expect(warningShares({ atMs: null, state: 'held' }, settings, NOW_MS, HOUR_MS)).toEqual([])
})

test('the axis is labeled at full hours of the clock, at most six of them', () => {
  const hour = Math.ceil(NOW_MS / HOUR_MS) * HOUR_MS
  expect(axisTimes(NOW_MS, 3 * HOUR_MS, 0)).toEqual([hour, hour + HOUR_MS, hour + 2 * HOUR_MS])
  for (const hours of [1, 5, 9, 17, 24])
    expect(axisTimes(NOW_MS, hours * HOUR_MS, 30 * MINUTE_MS).length).toBeLessThanOrEqual(7)
})
