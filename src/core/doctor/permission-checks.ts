import { DAY_MS, elapsedMs, HOUR_MS, SECOND_MS } from '../base/time/time'
import type { Result } from '../base/result'
import type { Pod } from '../pods/pod'
import type { RawLogLine } from '../pods/pod-logs'
import type { ProviderError } from '../pods/provider'
import type { DoctorCheckId, DoctorLine } from './doctor-line'
import type { DoctorOptions } from './doctor-options'
import type { DoctorWait } from './doctor-wait'
import { accountCheckText, type permissionEffects, sshKeysCheckText } from './doctor-text'
import { failedLine } from './failed-line'

export interface PermissionCheckOptions extends Pick<
  DoctorOptions,
  'provider' | 'providerName' | 'clock' | 'compareKeys'
> {
  readonly onLogLines: (lines: readonly RawLogLine[]) => void
  readonly wait: DoctorWait
}

/** How long a log stream may take to open, and how long its first line is waited for after that. */
const OPEN_LOG_MS = 15 * SECOND_MS
const FIRST_LINE_MS = 10 * SECOND_MS
const LOG_TAIL = 20

type AskedCheck = Exclude<DoctorCheckId, 'key'> & keyof typeof permissionEffects

/** What the key may read besides pods: one request for each. */
export function createPermissionChecks(options: PermissionCheckOptions) {
  const { provider, providerName, clock, wait } = options

  async function read<T>(
    id: AskedCheck,
    request: (() => Promise<Result<T, ProviderError>>) | undefined,
    describe: (value: T) => Omit<DoctorLine, 'id'> | Promise<Omit<DoctorLine, 'id'>>,
  ): Promise<DoctorLine> {
    if (request === undefined)
      return { id, verdict: 'not-checked', text: accountCheckText.notOffered(providerName) }
    const answer = await request()
    return answer.ok ? { id, ...(await describe(answer.value)) } : failedLine(id, answer.error, providerName)
  }

  const ok = (text: string) => ({ verdict: 'ok' as const, text })
  const warning = (text: string) => ({ verdict: 'warning' as const, text })

  return {
    balance: () =>
      read('balance', provider.readBalance?.bind(provider), ({ problem, spendPerHourUsd }) =>
        problem === undefined && spendPerHourUsd !== null
          ? ok(accountCheckText.balance)
          : warning(accountCheckText.partialBalance(problem ?? accountCheckText.noRate)),
      ),
    billing: () => {
      const toMs = Math.floor(clock.now().wallMs / HOUR_MS) * HOUR_MS
      const readBills = provider.readBills?.bind(provider)
      return read('billing', readBills && (() => readBills('pods', toMs - DAY_MS, toMs)), ({ rows }) =>
        ok(accountCheckText.bills(rows.length)),
      )
    },
    catalog: () => {
      const listGpus = provider.listGpus?.bind(provider)
      return read('catalog', listGpus && (() => listGpus({ cloud: 'SECURE', count: 1 })), ({ length }) =>
        length === 0 ? warning(accountCheckText.emptyCatalog) : ok(accountCheckText.catalog(length)),
      )
    },
    limits: () =>
      read('limits', provider.readAccountLimits?.bind(provider), ({ spendPerHourUsd }) =>
        ok(spendPerHourUsd === null ? accountCheckText.noLimit : accountCheckText.limits),
      ),
    sshKeys: () =>
      read('ssh-keys', provider.readSshKeys?.bind(provider), async (lines) => {
        const registered = lines.filter((line) => line.trim() !== '')
        if (registered.length === 0) return warning(sshKeysCheckText.noneRegistered)
        const { usable, matching, cantTell } = await options.compareKeys(registered)
        if (matching > 0) return ok(sshKeysCheckText.matching(matching, registered.length))
        if (cantTell > 0)
          return { verdict: 'not-checked' as const, text: sshKeysCheckText.cantTell(registered.length) }
        return warning(
          usable === 0
            ? sshKeysCheckText.noneHere(registered.length)
            : sshKeysCheckText.noneMatching(registered.length),
        )
      }),
    logs: (pod: Pod | null) => checkLogs(pod),
  }

  async function checkLogs(pod: Pod | null): Promise<DoctorLine> {
    const line = (verdict: DoctorLine['verdict'], text: string): DoctorLine => ({ id: 'logs', verdict, text })
    if (provider.streamLogs === undefined)
      return line('not-checked', accountCheckText.notOffered(providerName))
    if (pod === null) return line('not-checked', accountCheckText.noRunningPod)
    const startedAt = clock.now()
    const opened = createSignal()
    const firstLine = createSignal()
    let isOpen = false
    let lines = 0
    const stream = provider.streamLogs(
      pod.id,
      { source: null, tail: LOG_TAIL, sinceMs: null, afterId: null },
      {
        onOpen() {
          isOpen = true
          opened.give()
        },
        onLines(newLines, unreadable) {
          lines += newLines.length + unreadable
          options.onLogLines(newLines)
          firstLine.give()
        },
      },
    )
    const ended = stream.ended.then((end) => {
      opened.give()
      firstLine.give()
      return end
    })
    await wait(OPEN_LOG_MS, opened.given)
    if (isOpen) await wait(FIRST_LINE_MS, firstLine.given)
    const passedMs = elapsedMs(startedAt, clock.now())
    stream.close()
    const end = await ended
    if (lines > 0) return line('ok', accountCheckText.logLines(Math.max(passedMs, SECOND_MS)))
    if (isOpen) return line('ok', accountCheckText.logOpened(FIRST_LINE_MS))
    return end.ok
      ? line('problem', accountCheckText.logSilent(OPEN_LOG_MS))
      : failedLine('logs', end.error, providerName)
  }
}

function createSignal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => {}
  const given = new Promise<void>((resolve) => (give = resolve))
  return { given, give: () => give() }
}
