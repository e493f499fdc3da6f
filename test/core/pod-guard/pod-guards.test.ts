import { describe, expect, it, vi } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import type { GuardReport } from '../../../src/core/pod-guard/guard-report'
import { podGuardDetail, podGuardText } from '../../../src/core/pod-guard/guard-in-pod-view'
import type { GuardReply, PodGuardHost } from '../../../src/core/pod-guard/pod-guard-host'
import { createPodGuardRequests } from '../../../src/core/pod-guard/pod-guard-requests'
import { createPodGuards, type PodGuardsOptions } from '../../../src/core/pod-guard/pod-guards'
import type { AccountRules, PodRules } from '../../../src/core/pod-rules/pod-rules'
import type { Pod } from '../../../src/core/pods/pod'
import { guardReport, guardStatus } from '../../harness/guard-report'
import { pod as podOf } from '../../harness/pods'

const SETTINGS = '21600 0 1 5 yes /workspace/.podkeeper/jobs'

function setUp(rules: PodRules = { podGuard: 'stop' }, more: Partial<Pod> = {}) {
  let nowMs = 1_000_000_000
  let sleptMs = 0
  let accountRules: AccountRules = { autoStop: 'off', pods: { p: rules } }
  let polled: readonly string[] = ['p']
  let reply: GuardReply = ok('absent')
  let pod = podOf({ id: 'p', name: 'llama', startedAtMs: 5, gpu: { name: 'A40', count: 1 }, ...more })
  let nextRead: (() => Promise<GuardReply>) | null = null
  let installError: string | null = null
  const calls: string[] = []
  let isActing = true
  let areStopsPaused = false
  const running = (changes: Partial<GuardReport> = {}): GuardReply =>
    ok(guardReport({ settings: SETTINGS, ...changes }))
  const host: PodGuardHost = {
    read: vi.fn((_, takesLease) => {
      calls.push(`read ${takesLease}`)
      const answer = nextRead ?? (() => Promise.resolve(reply))
      nextRead = null
      return answer()
    }),
    install: vi.fn((_, { settings, deadlineS, keepS }) => {
      calls.push(`install ${settings} ${deadlineS} ${keepS}`)
      if (installError !== null) return Promise.resolve(fail(installError))
      reply = running({ settings, status: null })
      return Promise.resolve(reply)
    }),
    change: vi.fn((_, change, seconds) => {
      calls.push(`${change} ${seconds}`)
      return Promise.resolve(reply)
    }),
    remove: vi.fn(() => {
      calls.push('remove')
      return Promise.resolve(reply.ok ? ok(undefined) : reply)
    }),
  }
  const clock = { now: () => ({ wallMs: nowMs, monotonicMs: nowMs - sleptMs, runId: 'run' }) }
  const options: PodGuardsOptions = {
    accountId: 'a',
    clock,
    host,
    script: () => 'script',
    accountRules: {
      load: () => accountRules,
      update(_, change) {
        accountRules = change(accountRules)
        return ok(undefined)
      },
    },
    settings: () => ({ autoStopAfterMin: 360, busyAtPercent: 5, areStopsPaused }),
    findPod: (podId) => (podId === 'p' ? pod : null),
    uptimeMsOf: () => HOUR_MS,
    isActing: () => isActing,
    wasStoppedHere: () => false,
    onChange: () => {},
    report: (what, cause) => {
      throw new Error(what, { cause })
    },
  }
  let guards = createPodGuards(options)
  return {
    get guards() {
      return guards
    },
    /** The program ends and is started again. */
    restart() {
      guards.dispose()
      guards = createPodGuards(options)
    },
    requests: createPodGuardRequests(
      guards,
      {
        setPodGuard(_, podGuard) {
          const { podGuard: _before, ...others } = accountRules.pods['p'] ?? {}
          accountRules = {
            ...accountRules,
            pods: { p: podGuard === null ? others : { ...others, podGuard } },
          }
          return ok(undefined)
        },
      },
      () => 'script',
    ),
    calls,
    running,
    set: (next: GuardReply) => (reply = next),
    onNextRead: (answer: () => Promise<GuardReply>) => (nextRead = answer),
    failInstalls: (error: string) => (installError = error),
    setRules: (next: PodRules) => (accountRules = { ...accountRules, pods: { p: next } }),
    /** Pods that are all alike. */
    setAll(ids: readonly string[]) {
      polled = ids
      accountRules = { ...accountRules, pods: Object.fromEntries(ids.map((id) => [id, rules])) }
    },
    setPod: (changes: Partial<Pod>) => (pod = { ...pod, ...changes }),
    setActing: (next: boolean) => (isActing = next),
    pauseStops: (next = true) => (areStopsPaused = next),
    rules: () => accountRules.pods['p'],
    pod: () => pod,
    now: () => clock.now(),
    /** A poll, after so much time, and what it starts. */
    async poll(afterMs = 0) {
      nowMs += afterMs
      guards.tick(polled.map((id) => ({ ...pod, id })))
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
      return calls.splice(0)
    },
    sleep: (ms: number) => {
      nowMs += ms
      sleptMs += ms
    },
    text() {
      const view = guards.viewOf(pod)
      return view === null ? null : `${podGuardText(view, nowMs)} | ${podGuardDetail(view, nowMs)}`
    },
  }
}

describe('the guard in a pod', () => {
  it('is installed where it is wanted and missing, and then read every five minutes', async () => {
    const here = setUp()
    expect(here.text()).toBe('Guard in the pod: starting | ')
    expect(await here.poll()).toEqual(['read true', `install ${SETTINGS} 0 0`])
    expect(await here.poll(10_000)).toEqual([])
    here.set(here.running())
    expect(await here.poll(10_000)).toEqual(['read true'])
    expect(here.text()).toBe(
      'Guard in the pod: idle 12 of 360 min | Armed, permission to stop not proven. Read 0 s ago.',
    )
    expect(await here.poll(4 * MINUTE_MS)).toEqual([])
    expect(await here.poll(MINUTE_MS)).toEqual(['read true'])
  })

  it('is left alone where nobody wants it, where another program acts, and while the pod does not run', async () => {
    const unwanted = setUp({})
    expect(await unwanted.poll()).toEqual([])
    expect(unwanted.text()).toBeNull()
    const passive = setUp()
    passive.setActing(false)
    expect(await passive.poll()).toEqual([])
    const stopped = setUp({ podGuard: 'stop' }, { phase: 'stopped' })
    expect(await stopped.poll()).toEqual([])
  })

  it('is started again after each start of the pod', async () => {
    const here = setUp()
    here.set(here.running())
    await here.poll()
    here.setPod({ startedAtMs: 1_000 })
    here.set(ok(guardReport({ isAlive: false, status: null, settings: SETTINGS })))
    expect(here.text()).toBe('Guard in the pod: starting | ')
    expect(await here.poll(MINUTE_MS)).toEqual(['read true', `install ${SETTINGS} 0 0`])
    expect(here.guards.alerts([here.pod()])).toEqual([])
  })

  it('gets new rules at its next reading', async () => {
    const here = setUp()
    here.set(here.running())
    await here.poll()
    here.setRules({ podGuard: 'stop', maxHours: 5 })
    expect(await here.poll(5 * MINUTE_MS)).toEqual(['read true', `deadline ${4 * 3_600}`])
    here.setRules({ podGuard: 'report', maxHours: 5 })
    const settings = SETTINGS.replace('yes', 'no')
    expect(await here.poll(5 * MINUTE_MS)).toEqual(['read true', `install ${settings} ${4 * 3_600} 0`])
  })

  it('is told at the next poll that a rule changed, and never stops anything while all stops are paused', async () => {
    const here = setUp()
    here.set(here.running())
    await here.poll()
    here.setRules({ podGuard: 'stop', keepOn: { sinceMs: 0, untilMs: null } })
    expect(await here.poll(10_000)).toEqual([])
    here.guards.expectChanges()
    expect(await here.poll(10_000)).toEqual(['read true', 'keep 315360000'])
    here.pauseStops()
    here.setRules({ podGuard: 'stop' })
    expect(await here.poll(10_000)).toEqual(['read true', `install ${SETTINGS.replace('yes', 'no')} 0 0`])
    const settings = SETTINGS.replace('yes', 'no')
    here.set(here.running({ settings, status: guardStatus({ hold: 'report' }) }))
    await here.poll(MINUTE_MS)
    expect(here.text()).toContain('idle 12 of 360 min, only reports')
  })

  it('is not installed by a request where nobody agreed to it', async () => {
    const here = setUp({})
    expect(await here.guards.refresh('p')).toMatchObject({ ok: false })
    expect(here.calls).toEqual([])
  })

  it('that can’t be read is asked less and less often, and is neither evidence nor silent', async () => {
    const here = setUp()
    here.set(fail('Podkeeper can’t run commands on the pod: its host key isn’t trusted yet.'))
    const tries: number[] = []
    for (let minute = 0; minute < 60; minute += 1)
      if ((await here.poll(MINUTE_MS)).length > 0) tries.push(minute)
    expect(tries.length).toBeGreaterThan(4)
    expect(tries.length).toBeLessThan(10)
    expect(here.text()).toContain('can’t be read | Podkeeper can’t run commands')
    expect(here.guards.verdictOf(here.pod(), here.now())).toBeNull()
    expect(here.guards.alerts([here.pod()])).toEqual([])
  })

  it('is evidence for a quarter of an hour, unless the computer slept or the pod was restarted', async () => {
    const here = setUp()
    here.set(here.running({ status: guardStatus({ idleS: 18_000 }) }))
    await here.poll()
    const evidence = () => [
      here.guards.verdictOf(here.pod(), here.now())?.kind,
      here.guards.measuredIdleOf(here.pod(), here.now())?.idleForMs,
    ]
    expect(evidence()).toEqual(['at-rest', 5 * HOUR_MS])
    here.setPod({ startedAtMs: 9 })
    expect(evidence()).toEqual([undefined, undefined])
    here.setPod({ startedAtMs: 5 })
    here.sleep(MINUTE_MS)
    expect(evidence()).toEqual([undefined, undefined])
    here.set(here.running({ status: guardStatus({ seen: 'busy', why: 'the network', idleS: 0 }) }))
    await here.poll(5 * MINUTE_MS)
    expect(here.guards.verdictOf(here.pod(), here.now())).toMatchObject({
      kind: 'working',
      text: 'its guard saw the network',
    })
    expect(evidence()).toEqual(['working', undefined])
    here.set(here.running({ status: guardStatus({ seen: 'unknown', why: 'the GPUs' }) }))
    await here.poll(5 * MINUTE_MS)
    expect(evidence()[0]).toBeUndefined()
    here.set(here.running({ status: guardStatus({ keptUntilS: 5_000 }) }))
    await here.poll(5 * MINUTE_MS)
    expect(evidence()[0]).toBe('working')
    here.set(here.running())
    await here.poll(5 * MINUTE_MS)
    await here.poll(0)
    expect(evidence()[0]).toBe('at-rest')
  })

  it('that no longer beats is silent, which is alerted once per run of the pod', async () => {
    const here = setUp()
    here.set(here.running({ nowS: 2_000 }))
    await here.poll()
    expect(here.text()).toContain('Guard in the pod: silent | It does not run in the pod.')
    expect(here.guards.verdictOf(here.pod(), here.now())).toBeNull()
    expect(here.guards.alerts([here.pod()])).toMatchObject([
      { key: { kind: 'guard-silent', podId: 'p', episode: '5' }, title: 'The guard in llama is silent' },
    ])
  })

  it('says why it is not armed', async () => {
    const here = setUp()
    here.set(here.running({ status: guardStatus({ isArmed: false, answer: '403', hold: 'unarmed' }) }))
    await here.poll()
    expect(here.text()).toContain('Guard in the pod: not armed. The pod’s key may not do that.')
  })

  it('that could stop its pod is named when the pod was stopped while nobody watched', async () => {
    const here = setUp()
    here.set(here.running())
    await here.poll()
    expect(here.guards.alerts([here.pod()])).toEqual([])
    here.sleep(9 * HOUR_MS)
    here.setPod({ phase: 'stopped' })
    expect(here.guards.alerts([here.pod()])).toMatchObject([
      {
        key: { kind: 'guard-stopped', episode: '5' },
        title: 'llama was stopped',
        body: 'Not by this Podkeeper. The guard in the pod was armed, and stops it after 6 h idle or at its deadline.',
      },
    ])
    // When the pod runs again, its guard says what it did.
    here.setPod({ phase: 'running', startedAtMs: 77 })
    const previous = guardStatus({ run: 'boot:0', stopping: { cause: 'idle', answer: 'sent', count: 1 } })
    here.set(here.running({ previous }))
    await here.poll(MINUTE_MS)
    expect(here.rules()).toMatchObject({ isPodGuardProven: true })
    expect(here.text()).toContain('| Armed. Read')
  })

  it('that only reports is never named as one that stopped a pod', async () => {
    const here = setUp({ podGuard: 'report' })
    here.set(here.running({ settings: SETTINGS.replace('yes', 'no') }))
    await here.poll()
    here.setPod({ phase: 'stopped' })
    expect(here.guards.alerts([here.pod()])).toEqual([])
  })

  it('is removed, and asked to prove itself, on request', async () => {
    const here = setUp()
    here.set(here.running())
    expect(await here.guards.prove('p')).toEqual({ ok: true, value: undefined })
    expect(await here.guards.remove('p')).toEqual({ ok: true, value: undefined })
    expect(here.calls).toEqual(['stop-now 600', 'remove'])
    expect(await here.guards.prove('q')).toMatchObject({ ok: false })
    here.set(ok('absent'))
    expect(await here.guards.prove('p')).toMatchObject({ error: 'That pod has no guard.' })
  })

  it('gets a rule that changes while it is being read right after that', async () => {
    const here = setUp()
    let answer: (reply: GuardReply) => void = () => {}
    here.onNextRead(
      () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    )
    expect(await here.poll()).toEqual(['read true'])
    here.setRules({ podGuard: 'stop', maxHours: 5 })
    here.guards.expectChanges()
    here.set(here.running())
    answer(here.running())
    expect(await here.poll()).toEqual(['read true', `deadline ${4 * 3_600}`])
    expect(await here.poll(1_000)).toEqual([])
  })

  it('is not installed once it is no longer wanted, or changed once Podkeeper quits', async () => {
    for (const end of ['rule', 'quit'] as const) {
      const here = setUp()
      here.onNextRead(() => {
        if (end === 'rule') here.setRules({})
        else here.guards.dispose()
        return Promise.resolve(ok('absent'))
      })
      expect(await here.poll()).toEqual(['read true'])
    }
  })

  it('is told to end what was kept running from here after a restart of Podkeeper, too, and nothing else', async () => {
    const here = setUp({ podGuard: 'stop', keepOn: { sinceMs: 0, untilMs: 1_000_000_000 + HOUR_MS } })
    here.set(here.running())
    expect(await here.poll()).toEqual(['read true', 'keep 3600'])
    const kept = (untilS: number) => here.running({ status: guardStatus({ keptUntilS: untilS }) })
    here.restart()
    here.setRules({ ...here.rules(), keepOn: { sinceMs: 0, untilMs: 5 } })
    here.set(kept(1_010 + 3_600))
    expect(await here.poll(1_000)).toEqual(['read true', 'keep 0'])
    expect(here.rules()).not.toHaveProperty('podGuardKeepUntilS')
    // A person keeps it running in the pod, which a change of other rules carries over.
    here.set(here.running({ isAlive: false, status: guardStatus({ keptUntilS: 1_010 + 7_200 }) }))
    expect(await here.poll(5 * MINUTE_MS)).toEqual(['read true', `install ${SETTINGS} 0 7200`])
    here.set(kept(1_010 + 7_200))
    expect(await here.poll(5 * MINUTE_MS)).toEqual(['read true'])
  })

  it('that can’t be started again is silent, too', async () => {
    const here = setUp()
    here.failInstalls('The guard did not start.')
    here.set(here.running({ isAlive: false }))
    await here.poll()
    expect(here.guards.alerts([here.pod()])).toEqual([])
    await here.poll(HOUR_MS)
    expect(here.guards.alerts([here.pod()])).toMatchObject([{ key: { kind: 'guard-silent' } }])
    expect(here.text()).toContain('can’t be read | The guard did not start.')
  })

  it('whose stop was refused is not said to have stopped the pod', async () => {
    const here = setUp()
    const bodyAfter = async (answer: string) => {
      here.setPod({ phase: 'running' })
      here.set(here.running({ status: guardStatus({ stopping: { cause: 'idle', answer, count: 1 } }) }))
      await here.poll(HOUR_MS)
      here.setPod({ phase: 'stopped' })
      return here.guards.alerts([here.pod()])[0]?.body
    }
    expect(await bodyAfter('403')).toMatch(/^Not by this Podkeeper/)
    expect(await bodyAfter('200')).toMatch(/^By the guard in the pod/)
  })

  it('is evidence from when it looked, not from when it was read', async () => {
    const here = setUp()
    here.set(here.running({ nowS: 1_090 }))
    await here.poll()
    const now = here.now()
    const at = here.guards.measuredIdleOf(here.pod(), now)?.at
    expect([at?.wallMs, at?.monotonicMs]).toEqual([now.wallMs - 90_000, now.monotonicMs - 90_000])
    expect(here.guards.verdictOf(here.pod(), now)?.atMs).toBe(now.wallMs - 90_000)
  })

  it('that can’t be removed because its pod can’t be reached only reports from then on', async () => {
    const here = setUp()
    here.set(here.running())
    await here.poll()
    here.set(fail('The pod can’t be reached.'))
    expect(await here.requests.removePodGuard('p')).toMatchObject({
      error: expect.stringMatching(/^The pod can’t be reached\. Its guard is still there\./),
    })
    expect(here.rules()).toEqual({ podGuard: 'report' })
    here.set(here.running())
    here.calls.splice(0)
    expect(await here.poll(HOUR_MS)).toEqual(['read true', `install ${SETTINGS.replace('yes', 'no')} 0 0`])
    expect(await here.requests.removePodGuard('p')).toEqual(ok(undefined))
    expect(here.rules()).toEqual({})
    // A pod that does not run has no guard that runs.
    here.setRules({ podGuard: 'stop' })
    here.setPod({ phase: 'stopped' })
    expect(await here.requests.removePodGuard('p')).toEqual(ok(undefined))
    expect(here.rules()).toEqual({})
  })

  it('of one pod after the other is read without a further poll', async () => {
    const here = setUp()
    here.setAll(['p', 'q', 'r', 's', 't'])
    here.set(here.running())
    expect(await here.poll()).toHaveLength(5)
  })
})
