import { describe, expect, it } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { HOUR_MS } from '../../../src/core/base/time/time'
import type { GuardReply, PodGuardHost } from '../../../src/core/pod-guard/pod-guard-host'
import { guardsForNewPods } from '../../../src/core/pod-guard/new-pod-guards'
import type { PodRules } from '../../../src/core/pod-rules/pod-rules'
import { parseAccountRules } from '../../../src/core/pod-rules/pod-rules-codec'
import type { Pod } from '../../../src/core/pods/pod'
import { startGuardedMonitor } from '../../harness/guard/guarded-monitor'
import { guardReport, laptop } from '../../harness/guard/guard-report'
import type { MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'

const ssh: Pod['ssh'] = { direct: { host: '192.0.2.1', port: 22, username: 'root' }, proxy: null }
const onVolume = { persistentMount: { sizeGb: 10, path: '/workspace' } }
const SINCE_MS = 1_000
const newPod = (more: Partial<Pod> = {}): Pod =>
  pod({ id: 'p', createdAtMs: SINCE_MS + 1, ssh, ...onVolume, ...more })

const wishOf = (one: Pod, wish: 'stop' | 'report' = 'stop', rules: PodRules = {}) =>
  guardsForNewPods({ autoStop: 'off', newPodGuard: { wish, sinceMs: SINCE_MS }, pods: { p: rules } }, [
    one,
  ]).map((each) => each.wish)[0] ?? null

describe('a new pod', () => {
  it('gets the guard that its account has for new pods, once it runs and has a route for SSH', () => {
    expect(wishOf(newPod())).toBe('stop')
    expect(wishOf(newPod(), 'report')).toBe('report')
    expect(wishOf(newPod({ phase: 'creating' }))).toBeNull()
    expect(wishOf(newPod({ ssh: { direct: null, proxy: null } }))).toBeNull()
    expect(guardsForNewPods({ autoStop: 'all', pods: {} }, [newPod()])).toEqual([])
  })

  it('gets one that only reports where a stop would lose data, or might', () => {
    expect(wishOf(newPod({ persistentMount: null }))).toBe('report')
    expect(wishOf(newPod({ persistentMount: null, areMountsKnown: false }))).toBe('report')
  })

  it('is one that was created after that was chosen', () => {
    expect(wishOf(newPod({ createdAtMs: SINCE_MS }))).toBeNull()
    expect(wishOf(newPod({ createdAtMs: null }))).toBeNull()
  })

  it('keeps the guard that it has, and gets none back that was removed, or as a part of a cluster', () => {
    expect(wishOf(newPod(), 'stop', { podGuard: 'report' })).toBeNull()
    expect(wishOf(newPod(), 'stop', { isPodGuardRemoved: true })).toBeNull()
    expect(wishOf(newPod({ clusterId: 'c' }))).toBeNull()
  })
})

describe('the rule that new pods get a guard', () => {
  function setUp() {
    const installed: string[] = []
    let reply: GuardReply = ok('absent')
    const podGuardHost: PodGuardHost = {
      read: () => Promise.resolve(reply),
      install(one, { settings }) {
        installed.push(`${one.id} ${settings}`)
        reply = ok(guardReport({ settings }))
        return Promise.resolve(reply)
      },
      computerId: laptop.id,
      change: () => Promise.resolve(reply),
      forget: () => Promise.resolve(reply),
      remove: () => {
        reply = ok('absent')
        return Promise.resolve(ok(undefined))
      },
    }
    return { installed, podGuardHost }
  }
  const rulesOf = ({ guards }: MonitorFixture) =>
    parseAccountRules(JSON.parse(guards.json) as Record<string, unknown>, 'account-1').rules
  const texts = ({ auditEntries }: MonitorFixture) =>
    auditEntries.filter(({ kind }) => kind === 'rule').map(({ text }) => text)

  it('installs it in a pod that is created later, once, and says so in the activity log', async () => {
    const { installed, podGuardHost } = setUp()
    const rig = await startGuardedMonitor({ podGuardHost, pod: { id: 'old', ssh, createdAtMs: 5 } })
    const { wallMs } = rig.clock.now()
    expect(await rig.monitor.guardNewPods('stop')).toEqual(ok(undefined))
    expect(rulesOf(rig).newPodGuard).toEqual({ wish: 'stop', sinceMs: wallMs })
    const later = newPod({
      id: 'new',
      name: 'llama',
      createdAtMs: wallMs + 1_000,
      gpu: { name: 'A40', count: 1 },
    })
    rig.provider.pods = [...rig.provider.pods, later]
    await rig.clock.advanceAsync(HOUR_MS)
    expect(installed).toEqual([expect.stringMatching(/^new \d+ 0 1 \d+ yes /)])
    expect(rulesOf(rig).pods['new']).toMatchObject({ podGuard: 'stop' })
    expect(rulesOf(rig).pods).not.toHaveProperty('old')

    await rig.monitor.removePodGuard('new')
    await rig.clock.advanceAsync(HOUR_MS)
    expect(installed).toHaveLength(1)
    expect(rulesOf(rig).pods['new']).toEqual({ isPodGuardRemoved: true })
    await rig.monitor.guardNewPods(null)
    expect(rulesOf(rig)).not.toHaveProperty('newPodGuard')
    expect(texts(rig)).toEqual([
      'New pods get a guard, which may stop them.',
      'llama: a guard in the pod, which may stop it.',
      'llama: no guard in the pod.',
      'New pods get no guard.',
    ])
  })

  it('is left to the program that acts', async () => {
    const { installed, podGuardHost } = setUp()
    const rig = await startGuardedMonitor({ podGuardHost })
    await rig.monitor.guardNewPods('stop')
    rig.system.isActive = false
    rig.provider.pods = [newPod({ id: 'new', createdAtMs: rig.clock.now().wallMs + 1 })]
    await rig.clock.advanceAsync(HOUR_MS)
    expect(installed).toEqual([])
    expect(rulesOf(rig).pods).not.toHaveProperty('new')
  })
})
