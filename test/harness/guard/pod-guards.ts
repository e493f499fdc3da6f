import { vi } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { HOUR_MS } from '../../../src/core/base/time/time'
import type { GuardReport } from '../../../src/core/pod-guard/guard-report'
import { podGuardDetail, podGuardText } from '../../../src/core/pod-guard/guard-in-pod-view'
import type { GuardReply, PodGuardHost } from '../../../src/core/pod-guard/pod-guard-host'
import { createPodGuardRequests } from '../../../src/core/pod-guard/pod-guard-requests'
import { createPodGuards, type PodGuardsOptions } from '../../../src/core/pod-guard/pod-guards'
import type { AccountRules, PodRules } from '../../../src/core/pod-rules/pod-rules'
import type { Pod } from '../../../src/core/pods/pod'
import { defaultSettings } from '../../../src/core/settings/settings'
import { createFakeClock } from '../base/fake-clock'
import { createAccountContext } from '../monitor/account-context'
import { guardReport, laptop } from './guard-report'
import { pod as podOf } from '../samples/pods'

/** The settings of the guard, as it is told them. */
export const GUARD_SETTINGS = '21600 0 1 5 yes /workspace/.podkeeper/jobs'

/** The guards in the pods of an account over a scripted host, without timers. */
export function setUpPodGuards(rules: PodRules = { podGuard: 'stop' }, more: Partial<Pod> = {}) {
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
  let inputAgoMs: number | null = null
  let areStopsPaused = false
  let couldStop = true
  const running = (changes: Partial<GuardReport> = {}): GuardReply =>
    ok(guardReport({ settings: GUARD_SETTINGS, ...changes }))
  const host: PodGuardHost = {
    computerId: laptop.id,
    read: vi.fn((_, takesLease, usedAgoS) => {
      calls.push(`read ${takesLease}${usedAgoS == null ? '' : ` ${usedAgoS}`}`)
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
    forget: vi.fn((_, whose) => {
      calls.push(`forget ${whose}`)
      return Promise.resolve(reply)
    }),
    remove: vi.fn(() => {
      calls.push('remove')
      return Promise.resolve(reply.ok ? ok(undefined) : reply)
    }),
  }
  const clock = {
    ...createFakeClock(),
    now: () => ({ wallMs: nowMs, monotonicMs: nowMs - sleptMs, runId: 'run' }),
  }
  const context = createAccountContext({
    accountId: 'a',
    clock,
    accountRules: {
      load: () => accountRules,
      update(_, change) {
        accountRules = change(accountRules)
        return ok(undefined)
      },
    },
    settings: () => ({ ...defaultSettings, autoStopAfterMin: 360, areAutoStopsPaused: areStopsPaused }),
    mayAnnounce: () => isActing,
  })
  const options: PodGuardsOptions = {
    script: () => 'script',
    findPod: (podId) => (podId === 'p' ? pod : null),
    uptimeMsOf: () => HOUR_MS,
    inputAgoMs: () => inputAgoMs,
    holdNowMs: () => nowMs,
    couldStop: () => couldStop,
    wasStoppedHere: () => false,
    onChange: () => {},
  }
  const start = () => createPodGuards({ ...context, podGuardHost: host }, options)
  let guards = start()
  return {
    get guards() {
      return guards
    },
    /** The program ends and is started again. */
    restart() {
      guards.dispose()
      guards = start()
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
        setGuardPostStarted: () => ok(undefined),
        setNewPodGuard: () => ok(undefined),
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
    setInput: (agoMs: number) => (inputAgoMs = agoMs),
    setActing: (next: boolean) => (isActing = next),
    /** Whether a stop from here could be sent. */
    setAble: (next: boolean) => (couldStop = next),
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
