import type { AuditEntry } from '../../core/audit-log/audit-log'
import { personRequestEntry } from '../../core/audit-log/audit-text'
import type { Clock } from '../../core/base/time/clock'
import type { Monitor } from '../../core/monitor/monitor-types'
import type { AccountId } from '../../core/pods/pod'
import type { ControlActions } from './control-requests'

/**
 * What a person asks for besides actions and creates, which name the person themselves. True: its first argument is a
 * pod.
 */
const namedRequests: Partial<Record<keyof ControlActions, readonly [what: string, isAboutPod: boolean]>> = {
  changeVolume: ['a change of a volume', false],
  setMinimumToZero: ['a minimum of serverless workers of 0', false],
  editPod: ['an edit', true],
  keepOn: ['a change of “Keep running”', true],
  changePodRules: ['a change of rules', true],
  setAutoStop: ['another mode of auto-stop', false],
  changePodGuard: ['a change of the guard', true],
  changeSetting: ['a change of settings', false],
  resetSetting: ['a change of settings', false],
  applyConfig: ['a configuration file to be applied', false],
  addJob: ['a job', false],
  changeJob: ['a change of a job', false],
  moveJob: ['another place of a job', false],
  runJob: ['the start of a job', false],
  skipStart: ['no start of a job on a pod', false],
  setSchedule: ['a change of the queue', false],
  recordTokenEvent: ['a change of API tokens', false],
  recordLabChange: ['a change of a lab’s settings', false],
  answerApproval: ['an answer to an agent', false],
}

interface RecordingHost {
  readonly clock: Clock
  readonly monitor: () => Monitor | null
  readonly record: (entry: AuditEntry) => void
}

/** Who sudo says asks for it is in the activity log before it is done. See docs/product-rules.md#101-activity-log. */
export function withPersonRecorded(
  actions: ControlActions,
  { person, accountId }: { readonly person?: string | undefined; readonly accountId: AccountId },
  { clock, monitor, record }: RecordingHost,
): ControlActions {
  if (person === undefined) return actions
  const podOf = (id: string) => {
    const pod = monitor()
      ?.snapshot()
      .pods.find((each) => each.id === id)
    return { id, name: pod?.name ?? null }
  }
  const recorded = Object.entries(actions).map(([name, act]) => {
    const named = namedRequests[name as keyof ControlActions]
    if (named === undefined) return [name, act] as const
    const [what, isAboutPod] = named
    const run = act as (...args: readonly unknown[]) => unknown
    return [
      name,
      (...args: readonly unknown[]): unknown => {
        const pod = isAboutPod ? podOf(String(args[0])) : null
        record(personRequestEntry(person, what, { accountId, pod }, clock.now().wallMs))
        return run(...args)
      },
    ] as const
  })
  return Object.fromEntries(recorded) as unknown as ControlActions
}
