import { Session } from 'node:inspector/promises'
import type { Profiler } from 'node:inspector'
import { createPollingClock, createPollRunner, podListOf, serveFromWorker, watch } from '../app/poll'

const PODS = 1_000
const WARM_UP = 30
const POLLS = 100

/** Polls with 1,000 pods, from the request to the published snapshot. */
export async function profilePolls(): Promise<Readonly<Record<string, Profiler.Profile>>> {
  const server = await serveFromWorker(await podListOf(PODS))
  const clock = createPollingClock()
  const monitor = watch(server.url, undefined, undefined, clock)
  const session = new Session()
  session.connect()
  try {
    const poll = createPollRunner(monitor, clock.nextPoll)
    for (let count = 0; count < WARM_UP; count++) await poll()
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    for (let count = 0; count < POLLS; count++) await poll()
    const { profile } = await session.post('Profiler.stop')
    return { [`${POLLS} polls with ${PODS} pods`]: profile }
  } finally {
    session.disconnect()
    monitor.dispose()
    await server.close()
  }
}
