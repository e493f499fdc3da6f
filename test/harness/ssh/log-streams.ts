import type { LogQuery, LogStreamEnd, LogStreamHandlers } from '../../../src/core/pods/pod-logs'
import type { PodConfiguration } from '../../../src/core/pods/pod-request'
import type { Provider, ProviderError } from '../../../src/core/pods/provider'
import { ok, type Result } from '../../../src/core/base/result'

export type Ending = Result<LogStreamEnd, ProviderError>

/** A provider whose streams do what the test says. */
export function createLogStreams(environment: Record<string, string> | null = { HF_TOKEN: 'hunter2hunter' }) {
  const opened: {
    query: LogQuery
    handlers: LogStreamHandlers
    end: (ending: Ending) => void
    isClosed: boolean
  }[] = []
  const configurations: Result<PodConfiguration, ProviderError>[] = []
  let reads = 0
  const provider: Pick<Provider, 'streamLogs' | 'readPodConfiguration'> = {
    readPodConfiguration() {
      reads += 1
      return Promise.resolve(configurations.shift() ?? ok({ environment } as unknown as PodConfiguration))
    },
    streamLogs(_id, query, handlers) {
      let end: (ending: Ending) => void = () => {}
      const ended = new Promise<Ending>((resolve) => (end = resolve))
      const one = { query, handlers, end, isClosed: false }
      opened.push(one)
      return { ended, close: () => ((one.isClosed = true), end(ok('closed'))) }
    },
  }
  return { provider, opened, configurations, reads: () => reads }
}
