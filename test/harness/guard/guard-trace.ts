import { createFleet } from '../../../src/core/polling/fleet'
import type { AccountRules, PodRules } from '../../../src/core/pod-rules/pod-rules'
import type { StopCause } from '../../../src/core/intents/intent'
import { unknownPermission } from '../../../src/core/intents/write-permission'
import { createEpisodeNames } from '../../../src/core/guard/episode-names'
import { createStopEnforcer, type StopParts } from '../../../src/core/guard/stop-enforcer'
import { confirmedSpendUsd } from '../../../src/core/money/confirmed-spend'
import { createLedger } from '../../../src/core/money/ledger/ledger'
import { podBillingState, podSubjectId } from '../../../src/core/money/ledger/billing-state'
import type { Pod } from '../../../src/core/pods/pod'
import type { AlertKey } from '../../../src/core/alerts/alert'
import { ok } from '../../../src/core/base/result'
import { activityRulesOf, defaultSettings, type Settings } from '../../../src/core/settings/settings'
import { type Instant, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { createMemoryLedgerFiles } from '../../../src/node/data-folder/records/ledger-files'
import { createFakeClock, START_MS } from '../base/fake-clock'
import { createAccountContext } from '../monitor/account-context'
import { gpus, pod, telemetry } from '../samples/pods'

/** What happens to the pod and around it between two polls. */
export interface TraceStep {
  readonly look: 'quiet' | 'busy' | 'blind' | 'loud' | 'creeping' | 'restarted' | 'stopped' | 'failed'
  readonly passMin: number
  /** The wall clock is changed by this. */
  readonly jumpMs: number
  readonly rules: PodRules
  readonly mode: AccountRules['autoStop']
  readonly isPaused: boolean
  readonly isDryRun: boolean
  readonly isLocked: boolean | null
  readonly hasVolume: boolean
  readonly isHeard: boolean
  readonly isFreshBusy: boolean
}

export interface TraceSample {
  readonly at: Instant
  readonly step: TraceStep
  readonly memory: number
  readonly startedAtMs: number
}

export interface SentAction {
  readonly at: Instant
  readonly action: 'stop' | 'terminate'
  readonly cause: StopCause
  readonly step: TraceStep
  /** All polls up to the one that led to the decision. */
  readonly samples: readonly TraceSample[]
  readonly deliveredWarnings: readonly {
    readonly key: AlertKey
    readonly title: string
    readonly at: Instant
  }[]
}

export const traceSettings: Settings = { ...defaultSettings, autoStopAfterMin: 60, pollActiveS: 61 }

export const TRACE_START: Instant = { wallMs: START_MS, monotonicMs: 5_000, runId: 'run-1' }

/** Runs one pod through the steps with the real guard, fleet and rules; returns what was sent. */
export async function runTrace(steps: readonly TraceStep[]): Promise<readonly SentAction[]> {
  let now = TRACE_START
  let settings = traceSettings
  let guard: AccountRules = { autoStop: 'undecided', pods: {} }
  let memory = 20
  let startedAtMs = START_MS - 60 * MINUTE_MS
  let bootedAtMs = now.monotonicMs - 60 * MINUTE_MS
  const looks: TraceSample[] = []
  const heard: SentAction['deliveredWarnings'][number][] = []
  const sent: SentAction[] = []
  const fleet = createFleet(
    () => activityRulesOf(settings),
    () => null,
  )
  const ledger = createLedger(createMemoryLedgerFiles())

  function move(ms: number, jumpMs = 0): void {
    now = { ...now, wallMs: now.wallMs + ms + jumpMs, monotonicMs: now.monotonicMs + ms }
  }
  function podNow(step: TraceStep): Pod {
    const figures = telemetry({
      uptimeS: Math.floor((now.monotonicMs - bootedAtMs) / 1_000),
      memoryUtilPercent: memory,
      cpuUtilPercent: step.look === 'loud' ? 40 : 1,
      gpus: gpus(step.look === 'busy' ? 80 : 0),
    })
    const isStopped = step.look === 'stopped'
    return pod({
      phase: isStopped ? 'stopped' : 'running',
      actions: isStopped ? ['start'] : ['stop', 'terminate'],
      telemetry: step.look === 'blind' || isStopped ? null : figures,
      isLocked: step.isLocked,
      persistentMount: step.hasVolume ? { sizeGb: 10, path: '/workspace' } : null,
      startedAtMs,
    })
  }

  let current = steps[0]!
  const context = createAccountContext({
    accountRules: { load: () => guard, update: () => ok(undefined) },
    clock: { ...createFakeClock(), now: () => now },
    settings: () => settings,
    report: () => {},
  })
  const parts: StopParts = {
    obstacles: { textOf: () => null },
    earlierPods: () => [],
    fleet,
    intentRunner: {
      podsWithOpenIntent: () => [],
      intents: () => [],
      newId: () => 'intent-1',
      sendImmediately(_, action, cause) {
        sent.push({
          at: now,
          action,
          cause,
          step: current,
          samples: [...looks],
          deliveredWarnings: [...heard],
        })
        return ok(undefined)
      },
    },
    deliveries: {
      deliveredAtMs: ({ episode }) => heard.find(({ key }) => key.episode === episode)?.at.wallMs ?? null,
    },
    async pollPod(podId) {
      move(30)
      const fresh = podNow(current.isFreshBusy ? { ...current, look: 'busy' } : current)
      fleet.applyPod(fresh, fleet.stampRequest(now))
      return ok(fleet.pod(podId))
    },
    permission: () => unknownPermission,
    // What the service's replies confirm, whatever the clock of this computer says.
    holdNowMs: () => START_MS + now.monotonicMs - TRACE_START.monotonicMs,
    confirmedSpendUsd: ({ pod: seen, uptimeMs }, nowMs) => confirmedSpendUsd(ledger, seen, uptimeMs, nowMs),
  }
  const episodeNames = createEpisodeNames({
    accountId: context.accountId,
    store: undefined,
    isActive: context.mayAnnounce,
    gapMs: () => 0,
  })
  const enforcer = createStopEnforcer(context, parts, { episodeNames, insideLooks: null })

  for (const step of steps) {
    current = step
    move(step.passMin * MINUTE_MS, step.jumpMs)
    if (step.look === 'creeping') memory = Math.min(90, memory + 0.3)
    if (step.look === 'restarted') {
      startedAtMs += 1
      bootedAtMs = now.monotonicMs - 30 * MINUTE_MS
    }
    settings = { ...traceSettings, areAutoStopsPaused: step.isPaused, isAutoStopDryRun: step.isDryRun }
    guard = { autoStop: step.mode, pods: { 'pod-1': step.rules } }
    if (step.look === 'failed') continue
    fleet.addSpacing(settings.pollActiveS * SECOND_MS, now)
    const shown = podNow(step)
    fleet.applyList({ pods: [shown], isComplete: true }, fleet.stampRequest(now))
    ledger.observe({
      what: 'pods',
      atMs: now.wallMs,
      isComplete: true,
      possiblyPresent: new Set(),
      subjects: [
        {
          key: podSubjectId(shown),
          name: shown.name,
          hardware: null,
          billingState: podBillingState(shown),
          isIdle: false,
          isUsed: true,
        },
      ],
    })
    looks.push({ at: now, step, memory, startedAtMs })
    move(20)
    for (const { key, title } of enforcer.evaluate()) {
      const isNew = !heard.some(({ key: { episode } }) => episode === key.episode)
      if (key.kind.endsWith('-soon') && step.isHeard && isNew) heard.push({ key, title, at: now })
    }
    await enforcer.act({ isCurrent: () => true, heartbeat: () => {} })
  }
  return sent
}
