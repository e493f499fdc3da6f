import type { Provider, ProviderError } from '../../core/pods/provider'
import type { ServerlessEndpoint } from '../../core/pods/serverless/serverless-endpoint'
import { fail, ok, type Result } from '../../core/base/result'
import type { Instant } from '../../core/base/time/time'
import { localError } from '../http/local-error'
import { readPages } from '../http/read-pages'
import { isPlainId } from '../wire/wire-values'
import { parsed } from './catalog'
import type { RunpodClient } from './client'
import { parsePage } from './parse/parse-page'
import { parseCpuPrices, parseEndpoint, parseGpuPrices, parseWorkers } from './parse/parse-serverless'

type ServerlessRequests = Required<
  Pick<
    Provider,
    'listEndpoints' | 'readEndpoint' | 'listEndpointWorkers' | 'readServerlessPrices' | 'setMinimumToZero'
  >
>

/** Serverless endpoints: their minimum of workers, and nothing else, can be changed. */
export function createServerlessRequests(client: RunpodClient, now: () => Instant): ServerlessRequests {
  return {
    async listEndpoints() {
      const read = await readPages(
        (cursor, maxMs) => client.get('/serverless', cursor === null ? {} : { cursor }, maxMs),
        (reply) => parsePage(reply, 'endpoints'),
        now,
        { what: 'serverless endpoints' },
      )
      if (!read.ok) return read
      const byId = new Map<string, ServerlessEndpoint>()
      let { isComplete } = read.value
      for (const entry of read.value.entries) {
        const endpoint = parseEndpoint(entry)
        if (endpoint === null) isComplete = false
        else if (!byId.has(endpoint.id)) byId.set(endpoint.id, endpoint)
      }
      return ok({ endpoints: [...byId.values()], isComplete })
    },
    async readEndpoint(id) {
      const path = pathOf(id)
      return path.ok ? toRequested(await client.get(path.value), id) : path
    },
    async listEndpointWorkers(id) {
      const path = pathOf(id)
      if (!path.ok) return path
      return parsed(await client.get(`${path.value}/workers`), parseWorkers, 'a list of workers')
    },
    async readServerlessPrices() {
      const gpus = parsed(await client.get('/catalog/gpus'), parseGpuPrices, 'a list of GPUs')
      if (!gpus.ok) return gpus
      const cpus = parsed(await client.get('/catalog/cpus'), parseCpuPrices, 'a list of CPUs')
      return cpus.ok ? ok({ gpus: gpus.value, cpus: cpus.value }) : cpus
    },
    async setMinimumToZero(id) {
      const path = pathOf(id)
      if (!path.ok) return path
      return toRequested(await client.send('PATCH', path.value, { workers: { min: 0 } }), id)
    },
  }
}

const pathOf = (id: string): Result<string, ProviderError> =>
  isPlainId(id) && id !== '.' && id !== '..'
    ? ok(`/serverless/${encodeURIComponent(id)}`)
    : fail(localError('invalid', 'This is not the id of a serverless endpoint.'))

/** Accepts only the endpoint that was requested. */
function toRequested(
  answer: Result<unknown, ProviderError>,
  id: string,
): Result<ServerlessEndpoint, ProviderError> {
  const read = parsed(answer, parseEndpoint, 'a serverless endpoint')
  return !read.ok || read.value.id === id
    ? read
    : fail(localError('unreadable', 'The response is not the endpoint that was asked for.'))
}
