import { type AccountHealth, type FolderHealth, judgeHealth } from '../../../core/monitor/folder-health'
import type { ApiPodDetails } from '../../../core/pods-api/account-details'
import { documentIdOf, type ReadAccount } from './served-account'

interface MetricSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter'
  readonly samples: readonly MetricSample[]
}

/**
 * Metrics in the text format of Prometheus, version 0.0.4. What is not known has no sample. `health`: of the program that
 * watches; null: it can't be asked.
 */
export function metricsText(
  accounts: readonly ReadAccount[],
  unread: number,
  health: FolderHealth | null,
): string {
  const ofPods = (name: string, help: string, valueOf: (pod: ApiPodDetails) => number | null): Metric => ({
    name,
    help,
    type: 'gauge',
    samples: accounts.flatMap(({ account, details }) =>
      details.pods.flatMap((pod) => {
        const value = valueOf(pod)
        const labels = { account: account.name, pod: pod.name, id: documentIdOf(account, pod) }
        return value === null ? [] : [{ labels, value }]
      }),
    ),
  })
  const ofAccounts = (
    name: string,
    help: string,
    valueOf: (details: ReadAccount['details']) => number | null,
  ): Metric => ({
    name,
    help,
    type: 'gauge',
    samples: accounts.flatMap(({ account, details }) => {
      const value = valueOf(details)
      return value === null ? [] : [{ labels: { account: account.name }, value }]
    }),
  })
  const metrics: readonly Metric[] = [
    {
      name: 'podkeeper_accounts_unread',
      help: 'Accounts that could not be read.',
      type: 'gauge',
      samples: [{ labels: {}, value: unread }],
    },
    ofAccounts('podkeeper_listed_timestamp_seconds', 'When the pods were last listed.', ({ listedAtMs }) =>
      listedAtMs === null ? null : listedAtMs / 1_000,
    ),
    ofAccounts('podkeeper_cost_usd_per_hour', 'Current rate of an account.', ({ perHourUsd }) => perHourUsd),
    ofAccounts('podkeeper_month_cost_usd', 'Cost of the month so far, in UTC.', ({ month }) =>
      month === null ? null : month.spentUsd,
    ),
    ofAccounts('podkeeper_month_idle_cost_usd', 'Part of it that was spent while idle.', ({ month }) =>
      month === null ? null : month.idleUsd,
    ),
    ofAccounts('podkeeper_balance_usd', 'Balance of an account.', ({ balanceUsd }) => balanceUsd),
    ofAccounts(
      'podkeeper_quota_requests',
      'Requests that the key may still send.',
      (details) => details.quotaRequests,
    ),
    ofPods(
      'podkeeper_pod_cost_usd_per_hour',
      'Hourly cost of a pod.',
      ({ costPerHourUsd }) => costPerHourUsd,
    ),
    ofPods('podkeeper_pod_running', '1 while a pod runs.', ({ phase }) => (phase === 'running' ? 1 : 0)),
    ofPods('podkeeper_pod_gpu_utilization_ratio', 'Mean utilization of its GPUs.', (pod) =>
      pod.phase === 'running' && pod.gpuUtilPercent !== null ? pod.gpuUtilPercent / 100 : null,
    ),
    ofPods('podkeeper_pod_gpu_memory_ratio', 'Mean memory use of its GPUs.', (pod) =>
      pod.phase === 'running' && pod.gpuMemoryPercent !== null ? pod.gpuMemoryPercent / 100 : null,
    ),
    ofPods('podkeeper_pod_idle_seconds', 'How long a running pod has been observed idle.', (pod) =>
      pod.phase === 'running' && pod.verdict.idleForMs !== null ? pod.verdict.idleForMs / 1_000 : null,
    ),
    verdicts(accounts),
    ...healthMetrics(accounts, health),
  ]
  return metrics.map(metricLines).join('')
}

const states = ['busy', 'idle', 'unknown'] as const

function verdicts(accounts: readonly ReadAccount[]): Metric {
  return {
    name: 'podkeeper_pods',
    help: 'Running pods by what they do.',
    type: 'gauge',
    samples: accounts.flatMap(({ account, details }) =>
      states.map((verdict) => ({
        labels: { account: account.name, verdict },
        value: details.pods.filter(
          ({ phase, verdict: { state } }) => phase === 'running' && state === verdict,
        ).length,
      })),
    ),
  }
}

/** What an operator alerts on. See docs/pods-api.md#alert-rules. */
function healthMetrics(accounts: readonly ReadAccount[], health: FolderHealth | null): readonly Metric[] {
  const verdict = health === null ? null : judgeHealth(health)
  const one = (
    name: string,
    help: string,
    value: number | undefined,
    type: Metric['type'] = 'gauge',
  ): Metric => ({
    name,
    help,
    type,
    samples: value === undefined ? [] : [{ labels: {}, value }],
  })
  const each = (
    name: string,
    help: string,
    type: Metric['type'],
    samplesOf: (account: AccountHealth) => readonly MetricSample[],
  ): Metric => ({
    name,
    help,
    type,
    samples: accounts.flatMap(({ account: { id, name: account } }) =>
      (health?.accounts ?? [])
        .filter((known) => known.id === id)
        .flatMap(samplesOf)
        .map(({ labels, value }) => ({ labels: { account, ...labels }, value })),
    ),
  })
  const plain = (value: number): readonly MetricSample[] => [{ labels: {}, value }]
  return [
    {
      name: 'podkeeper_info',
      help: 'The version of the program that watches.',
      type: 'gauge',
      samples: health === null ? [] : [{ labels: { version: health.version }, value: 1 }],
    },
    one('podkeeper_live', '1 while polls end.', verdict?.live === true ? 1 : 0),
    one(
      'podkeeper_acting',
      '1 while what is due is stopped, 0 while it only reads.',
      verdict?.acting === true ? 1 : 0,
    ),
    one(
      'podkeeper_outdated',
      '1 while a restart would run another build of the program.',
      verdict === null ? undefined : Number(verdict.outdated),
    ),
    one('podkeeper_outbox_messages', 'Alerts that wait for a channel.', health?.outboxMessages),
    one('podkeeper_channels_failing', 'Channels whose last attempt failed.', health?.failedChannels),
    one('podkeeper_disk_errors_total', 'Failed writes to the data folder.', health?.diskErrors, 'counter'),
    each('podkeeper_polls_total', 'Polls of an account that ended.', 'counter', ({ polls }) => plain(polls)),
    each('podkeeper_polls_failed_total', 'Those that failed.', 'counter', ({ failedPolls }) =>
      plain(failedPolls),
    ),
    each('podkeeper_stops_held', 'Pods with a stop that is due and waits.', 'gauge', ({ heldStops }) =>
      plain(heldStops),
    ),
    each(
      'podkeeper_obstacles',
      'Obstacles that keep rules from being carried out.',
      'gauge',
      ({ obstacles }) =>
        [...new Set(obstacles.map(({ code }) => code))].map((code) => ({
          labels: { code },
          value: obstacles.filter((obstacle) => obstacle.code === code).length,
        })),
    ),
  ]
}

const metricLines = ({ name, help, type, samples }: Metric): string =>
  samples.length === 0
    ? ''
    : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((sample) => `${name}${labelText(sample.labels)} ${sample.value}\n`).join('')}`

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escapeLabel = (value: string): string =>
  value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
