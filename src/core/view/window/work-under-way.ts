import type { IntentPhase } from '../../intents/intent'
import type { WorkUnderWay } from '../../updates/update-restart'
import type { Snapshot } from '../snapshot'

/** A start that waits for a GPU is continued by the next run, and may wait for days. */
const underWay: readonly IntentPhase[] = ['scheduled', 'sent', 'accepted']

/**
 * What no restart may interrupt: actions until they were observed, creates, transfers of files (`transfers`: the pod name
 * of each), starts of jobs, and results that are fetched. See docs/product-rules.md#171-download-and-install.
 */
export function workUnderWay(
  { pods, creates = [], queue }: Pick<Snapshot, 'pods' | 'creates' | 'queue'>,
  transfers: readonly string[],
): readonly WorkUnderWay[] {
  const isUnderWay = (phase: IntentPhase | undefined): boolean =>
    phase !== undefined && underWay.includes(phase)
  const jobs = queue?.jobs ?? []
  const work: readonly (readonly [WorkUnderWay['kind'], readonly string[]])[] = [
    ['action', pods.filter(({ intent }) => isUnderWay(intent?.phase)).map(({ name }) => name)],
    [
      'create',
      creates
        .filter(({ phase, endsWithProgram }) => isUnderWay(phase) || endsWithProgram)
        .map(({ name }) => name),
    ],
    ['transfer', transfers],
    ['job-start', jobs.filter(({ isStarting }) => isStarting).map(({ spec }) => spec.name)],
    ['results', jobs.filter(({ resultsFetched }) => resultsFetched !== null).map(({ spec }) => spec.name)],
  ]
  return work.flatMap(([kind, names]) => names.map((name) => ({ kind, name })))
}
