import { describe, expect, test } from 'vitest'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import { noBudgets } from '../../../src/core/money/money-view'
import type { AccountRules } from '../../../src/core/pod-rules/pod-rules'
import { withAccountRules } from '../../../src/core/pod-rules/pod-rules-codec'
import type { ManagedPod, Pod, PodKey } from '../../../src/core/pods/pod'
import { fail } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { mergeSnapshots, showAccount } from '../../../src/core/view/merge-snapshots'
import { createTakeoverRepublish } from '../../../src/core/monitor/takeover'
import { nextStops } from '../../../src/core/view/stops/next-stops'
import { defaultSettings } from '../../../src/core/settings/settings'
import { createFakeClock, flushPromises, START_MS } from '../../harness/base/fake-clock'
import { actionsSentBy, alertTitlesOf, oneHourAutoStop } from '../../harness/guard/guarded-monitor'
import {
  createMonitorFixture,
  type MonitorFixture,
  podWithFreshTelemetry,
} from '../../harness/monitor/monitor-fixture'
import { memoryFiles } from '../../harness/money/ledger-fixture'
import { accountEntry } from '../../harness/samples/pod-views'
import { gpus, pod, telemetry } from '../../harness/samples/pods'

/*
 * One pod that a Runpod account ("cloud") and a lab ("lab") show. The program has one clock, and each account a monitor
 * of its own. See docs/product-rules.md#122-hubify.
 */

interface Program {
  readonly cloud: MonitorFixture
  readonly lab: MonitorFixture
  /** False: a person paused the account, so it has no monitor. */
  isCloudWatched: boolean
}

interface ProgramOptions {
  readonly cloudRules?: AccountRules
  readonly labRules?: AccountRules
  readonly cloudPod?: Partial<Pod>
  readonly managed?: Partial<ManagedPod>
  readonly hasCosts?: boolean
}

async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const clock = createFakeClock()
  const startMs = clock.now().wallMs
  const monitors: (() => Monitor | null)[] = []
  const cloudRules = options.cloudRules ? withAccountRules({}, 'cloud', options.cloudRules) : {}
  const allRules = options.labRules ? withAccountRules(cloudRules, 'lab', options.labRules) : cloudRules
  const common = {
    clock,
    guards: { json: JSON.stringify(allRules), isFull: false },
    settings: { ...oneHourAutoStop, idleAlertEveryMin: 1 },
    listings: () => monitors.flatMap((monitor) => monitor()?.listing ?? []),
  }
  const costs = (): { ledgerFiles?: ReturnType<typeof memoryFiles> } =>
    options.hasCosts ? { ledgerFiles: memoryFiles() } : {}
  const cloud = createMonitorFixture({
    ...common,
    ...costs(),
    accountId: 'cloud',
  })
  const lab = createMonitorFixture({
    ...common,
    ...costs(),
    accountId: 'lab',
  })
  const program: Program = { cloud, lab, isCloudWatched: true }
  monitors.push(
    () => (program.isCloudWatched ? cloud.monitor : null),
    () => lab.monitor,
  )
  cloud.provider.pods = [podWithFreshTelemetry(clock, pod({ id: 'rp-1', ...options.cloudPod }))]
  lab.provider.pods = [
    {
      ...pod({ id: 'lab-pod', name: 'trainer in the lab', telemetry: null, startedAtMs: null }),
      get managed() {
        const idleMinutes = Math.floor((clock.now().wallMs - startMs) / MINUTE_MS)
        return { cloudPodId: 'rp-1', idleMinutes, stopsAtMs: null, terminatesAtMs: null, ...options.managed }
      },
    },
  ]
  cloud.monitor.start()
  lab.monitor.start()
  await flushPromises()
  return program
}

const merged = ({ cloud, lab, isCloudWatched }: Program) =>
  mergeSnapshots(
    [
      ...(isCloudWatched
        ? [{ entry: accountEntry({ id: 'cloud' }), snapshot: cloud.monitor.snapshot() }]
        : []),
      { entry: accountEntry({ id: 'lab' }), snapshot: lab.monitor.snapshot() },
    ],
    noBudgets,
    cloud.clock.now().wallMs,
  )
const shownKeys = (program: Program): string[] => merged(program).pods.map(({ key }) => key)

function goOffline({ cloud }: Program): void {
  cloud.provider.listPods = async () =>
    fail({ kind: 'unreachable', message: 'no network', status: null, retryAfterMs: null, requestId: null })
}

const ticked = (podId: string, rules: AccountRules['pods'][string] = {}): AccountRules => ({
  autoStop: 'ticked',
  pods: { [podId]: { isAutoStopped: true, ...rules } },
})

describe('a pod that a lab and a Runpod account show', { timeout: 90_000 }, () => {
  test('is shown and counted once, as the pod of the Runpod account, with what the lab knows', async () => {
    const program = await startProgram({ managed: { terminatesAtMs: 1_999_999_999_999 } })
    await program.cloud.clock.advanceAsync(20 * MINUTE_MS)
    expect(shownKeys(program)).toEqual(['cloud/rp-1'])
    const snapshot = merged(program)
    expect(snapshot.burn.perHourUsd).toBe(2)
    expect(snapshot.idleCount).toBe(1)
    expect(snapshot.pods[0]).toMatchObject({ labKey: 'lab/lab-pod', managed: { idleMinutes: 20 } })
    expect(showAccount(snapshot, 'lab').pods.map(({ key }) => key)).toEqual(['cloud/rp-1'])
    const stops = nextStops(snapshot, { settings: defaultSettings, hasHistory: true })
    expect(stops.filter(({ state }) => state === 'by-service')).toHaveLength(1)
  })

  test('is alerted once', async () => {
    const { cloud, lab } = await startProgram()
    await cloud.clock.advanceAsync(70 * MINUTE_MS)
    expect(alertTitlesOf(cloud, 'idle')).toHaveLength(1)
    expect(alertTitlesOf(cloud, 'idle-reminder')).toHaveLength(1)
    expect(lab.alerts).toEqual([])
  })

  test('is stopped once, by the account that shows it, whatever the lab has been told', async () => {
    const { cloud, lab } = await startProgram({
      cloudRules: ticked('rp-1'),
      labRules: ticked('lab-pod', { maxHours: 1 }),
    })
    await cloud.clock.advanceAsync(2 * HOUR_MS)
    expect(actionsSentBy(lab)).toEqual([])
    expect(new Set(actionsSentBy(cloud))).toEqual(new Set(['stop rp-1']))
    expect(alertTitlesOf(lab, 'max-hours-soon')).toEqual([])
  })

  test('is two pods where the lab names another pod, or none', async () => {
    for (const cloudPodId of ['rp-2', null]) {
      const program = await startProgram({ managed: { cloudPodId } })
      await program.cloud.clock.advanceAsync(20 * MINUTE_MS)
      expect(shownKeys(program)).toEqual(['cloud/rp-1', 'lab/lab-pod'])
      expect(merged(program).burn.perHourUsd).toBe(4)
      expect(alertTitlesOf(program.lab, 'idle')).toHaveLength(1)
    }
  })

  test('costs once', async () => {
    const program = await startProgram({ hasCosts: true })
    await program.cloud.clock.advanceAsync(2 * HOUR_MS)
    const { cloud, lab } = program
    expect(cloud.monitor.snapshot().money?.spent.usd).toBeGreaterThan(3.5)
    expect(lab.monitor.snapshot().money?.spent.usd).toBeLessThan(0.1)
  })

  test('is warned of by the lab before the service terminates it, since only the lab knows', async () => {
    const { cloud, lab } = await startProgram({ managed: { terminatesAtMs: START_MS + 40 * MINUTE_MS } })
    await cloud.clock.advanceAsync(5 * MINUTE_MS)
    expect(alertTitlesOf(lab, 'service-terminates-soon')).toEqual([])
    await cloud.clock.advanceAsync(20 * MINUTE_MS)
    expect(alertTitlesOf(lab, 'service-terminates-soon')).toHaveLength(1)
    expect(alertTitlesOf(cloud, 'service-terminates-soon')).toEqual([])
  })
})

describe('while the Runpod account does not watch it', { timeout: 90_000 }, () => {
  test('the lab takes over, shows and counts it, and alerts what comes later, but nothing again', async () => {
    const program = await startProgram()
    const { cloud, lab } = program
    await cloud.clock.advanceAsync(20 * MINUTE_MS)
    expect(alertTitlesOf(cloud, 'idle')).toHaveLength(1)
    goOffline(program)
    await cloud.clock.advanceAsync(3 * MINUTE_MS)
    expect(shownKeys(program)).toEqual(['cloud/rp-1'])
    await cloud.clock.advanceAsync(7 * MINUTE_MS)
    expect(shownKeys(program)).toEqual(['lab/lab-pod'])
    expect(merged(program)).toMatchObject({ idleCount: 1, burn: { perHourUsd: 2 } })
    expect(lab.monitor.snapshot()).toMatchObject({ idleCount: 1, burn: { perHourUsd: 2 } })
    expect(alertTitlesOf(lab, 'idle')).toEqual([])
    await cloud.clock.advanceAsync(35 * MINUTE_MS)
    expect(alertTitlesOf(lab, 'idle')).toEqual([])
    expect(alertTitlesOf(lab, 'idle-reminder')).toHaveLength(1)
  })

  test('the lab takes over at once where a person paused it', async () => {
    const program = await startProgram()
    await program.cloud.clock.advanceAsync(5 * MINUTE_MS)
    program.isCloudWatched = false
    program.cloud.monitor.dispose()
    await program.cloud.clock.advanceAsync(2 * MINUTE_MS)
    expect(shownKeys(program)).toEqual(['lab/lab-pod'])
    await program.cloud.clock.advanceAsync(15 * MINUTE_MS)
    expect(alertTitlesOf(program.lab, 'idle')).toHaveLength(1)
  })

  test('the lab takes over when its key is refused', async () => {
    const program = await startProgram()
    await program.cloud.clock.advanceAsync(5 * MINUTE_MS)
    program.cloud.provider.listPods = async () =>
      fail({ kind: 'unauthorized', message: 'no', status: 401, retryAfterMs: null, requestId: null })
    await program.cloud.clock.advanceAsync(9 * MINUTE_MS)
    expect(shownKeys(program)).toEqual(['lab/lab-pod'])
    expect(program.lab.monitor.snapshot().burn.perHourUsd).toBe(2)
    expect(merged(program).burn.perHourUsd).toBe(2)
  })

  test('it stays once, as the pod of the Runpod account, while the lab does not watch it either', async () => {
    const program = await startProgram()
    await program.cloud.clock.advanceAsync(5 * MINUTE_MS)
    goOffline(program)
    program.lab.provider.listPods = () => program.cloud.provider.listPods()
    await program.cloud.clock.advanceAsync(20 * MINUTE_MS)
    program.lab.monitor.republish()
    expect(shownKeys(program)).toEqual(['cloud/rp-1'])
    expect(merged(program).burn.perHourUsd).toBe(2)
  })

  test('the accounts are published again at the moment of the takeover, and not without one', async () => {
    const program = await startProgram()
    const { cloud, lab } = program
    const republish = createTakeoverRepublish(() =>
      program.isCloudWatched ? [cloud.monitor, lab.monitor] : [lab.monitor],
    )
    await cloud.clock.advanceAsync(5 * MINUTE_MS)
    republish()
    const before = lab.monitor.snapshot()
    republish()
    expect(lab.monitor.snapshot()).toBe(before)
    expect(before.burn.perHourUsd).toBe(0)
    program.isCloudWatched = false
    cloud.monitor.dispose()
    republish()
    expect(shownKeys(program)).toEqual(['lab/lab-pod'])
    expect(merged(program).burn.perHourUsd).toBe(2)
  })

  test('it is shown once at the moment when one of the two has not noticed yet', async () => {
    const program = await startProgram()
    await program.cloud.clock.advanceAsync(MINUTE_MS)
    const shownAs = (id: 'cloud' | 'lab', key: PodKey) => {
      const snapshot = program[id].monitor.snapshot()
      const pods = snapshot.pods.map((one) => {
        const { managed, ...own } = one
        return { ...own, ...(id === 'lab' && managed && { managed }), shownAs: key }
      })
      return { entry: accountEntry({ id }), snapshot: { ...snapshot, pods } }
    }
    const both = [shownAs('lab', 'cloud/rp-1'), shownAs('cloud', 'lab/lab-pod')]
    expect(mergeSnapshots(both, noBudgets, START_MS).pods.map(({ key }) => key)).toEqual(['cloud/rp-1'])
  })

  test('the lab stops it by rules that were set on either view, and keep running set on either holds', async () => {
    const rules = { cloudRules: ticked('rp-1', { maxHours: 2 }) }
    const stopped = await startProgram(rules)
    await stopped.cloud.clock.advanceAsync(5 * MINUTE_MS)
    goOffline(stopped)
    stopped.lab.provider.pods = [
      { ...stopped.lab.provider.pods[0]!, startedAtMs: stopped.cloud.clock.now().wallMs - HOUR_MS },
    ]
    await stopped.cloud.clock.advanceAsync(2.5 * HOUR_MS)
    expect(new Set(actionsSentBy(stopped.lab))).toEqual(new Set(['stop lab-pod']))

    const kept = await startProgram(rules)
    await kept.cloud.clock.advanceAsync(5 * MINUTE_MS)
    kept.cloud.monitor.keepOn('rp-1', 'until-told')
    goOffline(kept)
    await kept.cloud.clock.advanceAsync(2.5 * HOUR_MS)
    expect(actionsSentBy(kept.lab)).toEqual([])
    expect(alertTitlesOf(kept.lab, 'idle')).toEqual([])
  })

  test('and comes back, the Runpod account shows it again and the lab is silent', async () => {
    const program = await startProgram()
    const { cloud, lab } = program
    await cloud.clock.advanceAsync(20 * MINUTE_MS)
    const online = { ...cloud.provider }
    goOffline(program)
    await cloud.clock.advanceAsync(10 * MINUTE_MS)
    cloud.provider.listPods = () => online.listPods()
    await cloud.clock.advanceAsync(3 * MINUTE_MS)
    expect(shownKeys(program)).toEqual(['cloud/rp-1'])
    const alertCount = lab.alerts.length
    await cloud.clock.advanceAsync(2 * HOUR_MS)
    expect(lab.alerts).toHaveLength(alertCount)
  })
})

describe('keep running on a pod that two accounts show', { timeout: 90_000 }, () => {
  test('holds where it is shown, although it was set on the other view', async () => {
    const { cloud, lab } = await startProgram({ cloudRules: ticked('rp-1') })
    lab.monitor.keepOn('lab-pod', 'until-told')
    await cloud.clock.advanceAsync(2 * HOUR_MS)
    expect(actionsSentBy(cloud)).toEqual([])
    expect(alertTitlesOf(cloud, 'idle')).toEqual([])
  })

  test('ends on both when it is ended where it is shown', async () => {
    const { cloud, lab } = await startProgram({ cloudRules: ticked('rp-1') })
    lab.monitor.keepOn('lab-pod', 'until-told')
    await cloud.clock.advanceAsync(5 * MINUTE_MS)
    expect(cloud.monitor.snapshot().pods[0]?.guard.keepOn).not.toBeNull()
    expect(cloud.monitor.endKeepOn('rp-1').ok).toBe(true)
    expect(cloud.monitor.snapshot().pods[0]?.guard.keepOn).toBeNull()
    await cloud.clock.advanceAsync(MINUTE_MS)
    expect(lab.monitor.snapshot().pods[0]?.guard.keepOn).toBeNull()
  })

  test('never carries over what allows more than usual', async () => {
    const { cloud } = await startProgram({
      cloudPod: { persistentMount: null, telemetry: telemetry({ gpus: gpus(0) }) },
      cloudRules: ticked('rp-1'),
      labRules: ticked('lab-pod', { mayLoseData: true, maxHours: 1, atMaxHours: 'terminate' }),
    })
    await cloud.clock.advanceAsync(2 * HOUR_MS)
    expect(actionsSentBy(cloud)).toEqual([])
  })
})
