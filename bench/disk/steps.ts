import { alertName } from '../../src/core/alerts/alert-history'
import { type AuditEntry, allAuditEntries } from '../../src/core/audit-log/audit-log'
import { fail, ok, type Result } from '../../src/core/base/result'
import { DAY_MS, MINUTE_MS } from '../../src/core/base/time/time'
import type { StoredUsage } from '../../src/core/pods/key-usage-store'
import type { IntentPhase } from '../../src/core/intents/intent'
import { podBillingState, podSubjectId } from '../../src/core/money/ledger/billing-state'
import { sumTotals, totalsBySubject, wholeMonth } from '../../src/core/money/ledger/cost-totals'
import { readStoredKeys, writeStoredKey } from '../../src/cli/account/key-file'
import { readPublicKey } from '../../src/ssh/keys/public-key'
import { intentsByState } from '../../test/harness/samples/intents'
import { pod } from '../../test/harness/samples/pods'
import { createSteps } from './create-steps'
import { ACCOUNT, type OpenDataFolder } from './open-folder'
import { type DurableStep, unlessProblem } from './step'
import { NOW_MS } from './times'

/** All steps of the program `who`, in order. Two programs write different things into the same files. */
export function stepsOf(who: string): readonly DurableStep[] {
  return [
    ...settingSteps,
    ...intentSteps(`${who}-stop-1`, ['scheduled', 'sent', 'observed']),
    ...intentSteps(`${who}-stop-2`, ['scheduled', 'sent']),
    ...createSteps(`${who}-create`),
    ...[1, 2, 3].map((number) => entryStep(`${who} decided ${number}`, 'decision')),
    entryStep(`${who} connected`, 'connection'),
    ...[`${who}-1`, `${who}-2`].flatMap((podId) => [
      alertStep(podId),
      episodeStep(podId),
      usageStep(podId),
      hostKeyStep(podId),
      typingStep(podId),
    ]),
    ...costSteps,
    cliKeyStep,
  ]
}

/** Written by the program that finds the folder after a fault, to show that it continues. */
export const laterSteps: readonly DurableStep[] = [
  {
    name: 'later setting',
    file: 'config.json',
    write: ({ store }) => toOutcome(store.changeSettings({ undoS: 11 })),
    isThere: ({ store }) => store.settings().undoS === 11,
  },
  ...intentSteps('later-stop', ['scheduled']),
  entryStep('later decision', 'decision'),
  alertStep('later'),
  episodeStep('later'),
  hostKeyStep('later'),
  typingStep('later'),
]

const toOutcome = (written: Result<unknown, unknown>): Result<void, string> =>
  written.ok
    ? ok(undefined)
    : fail(typeof written.error === 'string' ? written.error : JSON.stringify(written.error))

const account = {
  id: ACCOUNT,
  baseUrl: 'https://x.test/',
  keyEnding: 'cess',
  encryptedKey: 'eA==',
  name: 'Runpod',
  color: 'blue',
} as const
const rules = { autoStop: 'all', pods: { a: { isAutoStopped: true, maxHours: 5 } } } as const

const settingSteps: readonly DurableStep[] = [
  {
    name: 'setting',
    file: 'config.json',
    write: ({ store }) => toOutcome(store.changeSettings({ pollIdleS: 90 })),
    isThere: ({ store }) => store.settings().pollIdleS === 90,
  },
  {
    name: 'rules',
    file: 'config.json',
    write: ({ store }) => store.accountRules.update(ACCOUNT, () => rules),
    isThere: ({ store }) => JSON.stringify(store.accountRules.load(ACCOUNT)) === JSON.stringify(rules),
  },
  {
    name: 'account',
    file: 'config.json',
    write: ({ store }) => store.saveAccount(account, null),
    isThere: ({ store }) => JSON.stringify(store.accounts()) === JSON.stringify([account]),
  },
]

const phaseOrder: readonly IntentPhase[] = ['scheduled', 'sent', 'accepted', 'observed']

function intentSteps(
  id: string,
  phases: readonly ('scheduled' | 'sent' | 'observed')[],
): readonly DurableStep[] {
  const states = intentsByState('stop')
  const wallMs = NOW_MS - MINUTE_MS
  return phases.map((phase) => {
    const state = states[phase]
    const intent = {
      ...state,
      id,
      accountId: ACCOUNT,
      requestedAt: { ...state.requestedAt, wallMs },
      phaseAt: { ...state.phaseAt, wallMs },
    }
    return {
      name: `${id} ${phase}`,
      intentId: id,
      file: 'intents.jsonl',
      write: ({ lock }) => lock.journal.record(intent),
      isThere({ lock }) {
        const found = lock.journal.latest().filter((each) => each.id === id)
        return phaseOrder.indexOf(found[0]?.phase ?? 'failed') >= phaseOrder.indexOf(phase)
      },
    }
  })
}

function entryStep(text: string, kind: AuditEntry['kind']): DurableStep {
  const entry = {
    atMs: NOW_MS,
    accountId: ACCOUNT,
    podId: null,
    podName: null,
    what: 'x',
    text,
    tone: 'plain',
  } as const
  return {
    name: text,
    file: 'activity',
    write: ({ activity }) => activity.record({ ...entry, kind }),
    isThere: ({ activity }) =>
      activity.page(null, allAuditEntries, 1_000).entries.filter((each) => each.text === text).length === 1,
  }
}

function alertStep(podId: string): DurableStep {
  const key = { kind: 'idle', accountId: ACCOUNT, podId, episode: '1' } as const
  return {
    name: `alert about ${podId}`,
    file: 'alert-marks.json',
    write: (folder) =>
      unlessProblem(folder, () =>
        folder.alerts.save({
          ...folder.alerts.load(),
          [alertName(key)]: { ...key, atMs: NOW_MS, state: 'said' },
        }),
      ),
    isThere: ({ alerts }) => alerts.load()[alertName(key)]?.state === 'said',
  }
}

function episodeStep(podId: string): DurableStep {
  const episode = { accountId: ACCOUNT, podId, podStartedAtMs: null, nameMs: NOW_MS, lastIdleAtMs: NOW_MS }
  return {
    name: `idle episode of ${podId}`,
    file: 'idle-episodes.json',
    write: (folder) =>
      unlessProblem(folder, () => folder.episodes.save([...folder.episodes.load(), episode])),
    isThere: ({ episodes }) => episodes.load().filter((each) => each.podId === podId).length === 1,
  }
}

function usageStep(request: string): DurableStep {
  const requestsOf = (stored: StoredUsage): readonly unknown[] =>
    stored.kind === 'stored' && Array.isArray(stored.value) ? stored.value : []
  return {
    name: `request for ${request}`,
    file: 'key-usage.json',
    write: (folder) =>
      unlessProblem(folder, () => void folder.usage.update((stored) => [...requestsOf(stored), request])),
    isThere: ({ usage }) => requestsOf(usage.read()).includes(request),
  }
}

function hostKeyStep(podId: string): DurableStep {
  const scope = { kind: 'pod', accountId: ACCOUNT, podId } as const
  return {
    name: `host key of ${podId}`,
    file: 'host-keys.json',
    write: (folder) =>
      unlessProblem(folder, () =>
        folder.hostKeys.pin({ scope, key: sampleHostKey(podId), pinnedAtMs: NOW_MS, startedAtMs: null }),
      ),
    isThere: ({ hostKeys }) => hostKeys.find(scope) !== null,
  }
}

function sampleHostKey(text: string) {
  const field = (content: string | Buffer): Buffer => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(content.length)
    return Buffer.concat([length, Buffer.from(content)])
  }
  const key = readPublicKey(Buffer.concat([field('ssh-ed25519'), field(Buffer.alloc(32, text))]))
  if (key === null) throw new Error('That is no key.')
  return key
}

function typingStep(podId: string): DurableStep {
  return {
    name: `typing into ${podId}`,
    file: 'terminal-input.json',
    write: (folder) => unlessProblem(folder, () => folder.typing.record(ACCOUNT, podId)),
    isThere: ({ typing }) => typing.inputAgoMs(ACCOUNT, podId) !== null,
  }
}

const COST_PER_HOUR_USD = 2
const paidPod = pod({
  startedAtMs: NOW_MS - 30 * MINUTE_MS,
  createdAtMs: NOW_MS - DAY_MS,
  costPerHourUsd: COST_PER_HOUR_USD,
})

/** A poll that finds the pod running, and the costs saved after it. Repeated polls of one time count once. */
function costStep(afterMin: number): DurableStep {
  const atMs = NOW_MS + afterMin * MINUTE_MS
  return {
    name: `costs until minute ${afterMin}`,
    file: 'costs',
    write({ ledger, lock }) {
      const permission = lock.mayWrite()
      if (!permission.ok) return permission
      const subject = {
        key: podSubjectId(paidPod),
        name: paidPod.name,
        hardware: null,
        billingState: podBillingState(paidPod),
        isIdle: false,
        isUsed: true,
      }
      ledger.observe({
        what: 'pods',
        atMs,
        subjects: [subject],
        isComplete: true,
        possiblyPresent: new Set(),
      })
      const failures = ledger.save()
      return failures.length === 0 ? ok(undefined) : fail(failures.join(' '))
    },
    isThere: ({ ledger }) => countedMinutes(ledger) >= 30 + afterMin - 0.01,
  }
}

/** Into the next month and on. */
const costSteps: readonly DurableStep[] = [0, 4, 30, 34].map(costStep)

/** For how long the pod was counted as running. Exact, because nothing may be counted twice. */
export function countedMinutes(ledger: OpenDataFolder['ledger']): number {
  return ledger
    .months()
    .map((month) => sumTotals(totalsBySubject(ledger.book(month), wholeMonth)).onMs / MINUTE_MS)
    .reduce((sum, minutes) => sum + minutes, 0)
}

/** The true time of the pod until the last poll. */
export const MINUTES_UNTIL_LAST_POLL = 30 + 34

const cliKey = { baseUrl: 'https://x.test/', key: 'rpa_SAMPLE' }

const cliKeyStep: DurableStep = {
  name: 'key of the command line',
  file: 'cli-key.json',
  write: (folder) => unlessProblem(folder, () => writeStoredKey(folder.cliKeyPath, cliKey)),
  isThere({ cliKeyPath }) {
    try {
      return readStoredKeys(cliKeyPath)[0]?.key === cliKey.key
    } catch {
      return false
    }
  },
}
