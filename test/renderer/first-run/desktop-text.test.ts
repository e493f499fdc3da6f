import { describe, expect, test } from 'vitest'
import type { DataFate } from '../../../src/core/pods/data-impact'
import { noGuard } from '../../../src/core/guard/guard-view'
import { HOUR_MS } from '../../../src/core/base/time'
import { trayPlace, unseenAdvice } from '../../../src/renderer/first-run/desktop-text'
import { keepOnLabel } from '../../../src/renderer/pod-model/keep-on-text'
import { isTicked, losesAll, tickablePods } from '../../../src/renderer/guard/ticked-pods'
import { NOW_MS, podView } from '../../harness/pod-views'

describe('the pods that may be ticked', () => {
  const ticked = (isAutoStopped: boolean) => podView({ guard: { ...noGuard, rules: { isAutoStopped } } })

  test('are there by name, without clusters and what is gone for good', () => {
    const pods = [
      podView({ id: 'c', name: 'run-10' }),
      podView({ id: 'b', name: 'Run-9' }),
      podView({ id: 'a', name: 'rank', clusterId: 'c' }),
      podView({ id: 'd', name: 'old', phase: 'terminated' }),
      podView({ id: 'e', name: 'asleep', phase: 'stopped' }),
    ]
    expect(tickablePods(pods).map(({ name }) => name)).toEqual(['asleep', 'Run-9', 'run-10'])
  })

  test('a pod without a tick of its own is ticked only where all are', () => {
    expect(isTicked(podView(), 'all')).toBe(true)
    expect(isTicked(podView(), 'ticked')).toBe(false)
    expect(isTicked(podView(), 'undecided')).toBe(false)
    expect(isTicked(ticked(true), 'ticked')).toBe(true)
    expect(isTicked(ticked(false), 'all')).toBe(false)
  })

  test('one of which nothing would be left says so, unless that was allowed', () => {
    const disk: DataFate = {
      fate: 'lost',
      what: 'container-disk',
      sizeGb: 40,
      path: null,
      stoppedCostPerDayUsd: null,
    }
    const bare = podView({ stopFate: [disk] })
    expect(losesAll(bare)).toBe(true)
    expect(losesAll({ ...bare, stopFate: [{ ...disk, fate: 'kept', what: 'volume' }, disk] })).toBe(false)
    expect(losesAll({ ...bare, guard: { ...noGuard, rules: { mayLoseData: true } } })).toBe(false)
  })
})

test('a morning has a day where it is not today’s', () => {
  const at = (hour: number) => new Date(2026, 10, 24, hour).getTime()
  expect(keepOnLabel('morning', at(14))).toBe('Until Wed 09:00')
  expect(keepOnLabel('morning', at(2))).toBe('Until 09:00')
  expect(keepOnLabel('4-hours', NOW_MS + HOUR_MS)).toBe('For 4 hours')
})

test('each system is told where the icon is, and what to look at when nothing was seen', () => {
  expect(trayPlace('MacIntel')).toContain('menu bar')
  expect(trayPlace('Win32')).toContain('taskbar')
  expect(trayPlace('Linux x86_64')).toContain('tray of your panel')
  for (const platform of ['MacIntel', 'Win32', 'Linux x86_64'])
    expect(unseenAdvice(platform)).toMatch(/^See .*The tray icon and this window tell it all the same\.$/)
})
