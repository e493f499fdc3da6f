import { HOUR_MS } from '../../src/core/base/time/time'
import { createUsageObserver } from '../../src/core/history/observed-usage'
import { costsFolder, openLedgerFiles } from '../../src/node/data-folder/records/ledger-files'
import { createUsageHistories } from '../../src/node/usage-histories'
import { figuresOf, type Measurement } from '../measurement'
import { newFolder } from './apps'
import {
  createPollingClock,
  createPollRunner,
  heapAfterCollection,
  podListOf,
  POLL_MS,
  serveFromWorker,
  watch,
} from './poll'

const PODS = 100
const WARM_UP = 20
/** Lists that differ, so that figures of pods change as in real life. */
const LISTS = 40
const HOURS = [1, 6, 12, 24]

/** What an account keeps in memory for each pod: after the first lists, and for each hour that it is watched. */
export async function measureAccountMemory(): Promise<readonly Measurement[]> {
  const lists: string[] = []
  for (let count = 0; count < LISTS; count++) lists.push(await podListOf(PODS, count * POLL_MS))
  const server = await serveFromWorker(...lists)
  const clock = createPollingClock()
  const folder = await newFolder()
  const nowMs = (): number => clock.now().wallMs
  const histories = createUsageHistories({
    dataFolder: folder,
    mayWrite: () => true,
    nowMs,
    onProblem: (_, text) => {
      if (text !== null) throw new Error(text)
    },
  })
  // What all accounts share is loaded.
  const other = watch(server.url, 'other')
  await createPollRunner(other)()
  other.dispose()
  const before = heapAfterCollection()
  const monitor = watch(server.url, 'bench', undefined, clock, {
    recordUsage: createUsageObserver(histories.of('bench', true)),
    ledgerFiles: openLedgerFiles(costsFolder(folder, 'bench'), () => true),
  })
  const bytesOfPod = (since: number): number => (heapAfterCollection() - since) / PODS
  const measure = figuresOf('app')
  try {
    const poll = createPollRunner(monitor, clock.nextPoll)
    for (let count = 0; count < WARM_UP; count++) await poll()
    const measurements = [
      measure('memory of a pod after the first lists', 'kB', bytesOfPod(before) / 1_000, {
        goal: { kind: 'value', atMost: 80 },
      }),
    ]
    const atStart = heapAfterCollection()
    let polls = 0
    for (const hours of HOURS) {
      for (; polls < (hours * HOUR_MS) / POLL_MS; polls++) await poll()
      const bytes = bytesOfPod(atStart)
      measurements.push(
        measure(`what a pod adds in ${hours} h`, 'kB', bytes / 1_000, {
          goal: { kind: 'value', atMost: 130 },
        }),
      )
    }
    return measurements
  } finally {
    monitor.dispose()
    await server.close()
  }
}
