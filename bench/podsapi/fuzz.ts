import { setTimeout as wait } from 'node:timers/promises'
import {
  createReplyCheck,
  type FuzzReply,
  type FuzzRequest,
  fuzzRequests,
} from '../../test/harness/http/openapi-fuzz'
import { figuresOf, type Measurement } from '../measurement'
import { type ServedPods, servePods } from './served'

const PODS = 20
const POLL_S = 2
/** Sent by tokens that only read, and again by ones that may do everything. */
const REQUESTS = 10_000
const TOKENS = 45
/** Many of them wait: for Runpod, or for the limit of their token. */
const AT_ONCE = 24
const SHOWN_EVERY = 1_000
const MAX_SHOWN = 20
const MAX_TRIES = 150

/**
 * Requests that the served OpenAPI document allows, and others, against a real `podkeeper serve`. Throws if a reply is
 * a fault of the server or isn't documented, if a token that only reads changed something, or if the program ended.
 */
export async function measureApiFuzz(): Promise<readonly Measurement[]> {
  const seed = Date.now() % 1_000_000
  console.log(`${2 * REQUESTS} requests from seed ${seed}`)
  const served = await servePods(PODS, POLL_S)
  try {
    const readers = await tokensOf(served, ['pods:read'])
    const writers = await tokensOf(served, ['pods:read', 'pods:write', 'pods:terminate'])
    const document = await jsonOf(served, '/openapi.json', readers[0] ?? '')
    const known = await knownIds(served, readers[0] ?? '')
    const requests = fuzzRequests(document, { seed, count: REQUESTS, known })
    const check = createReplyCheck(document)
    const changesBefore = await countChanges(served)
    const startedAt = performance.now()
    const read = await sendAll(served, requests, readers, check)
    const changes = (await countChanges(served)) - changesBefore
    if (changes > 0) throw new Error(`tokens that only read sent ${changes} changes to Runpod`)
    const written = await sendAll(served, requests, writers, check)
    const seconds = (performance.now() - startedAt) / 1_000
    const problems = [...read.problems, ...written.problems]
    if (problems.length > 0) throw new Error(problems.slice(0, MAX_SHOWN).join('\n'))
    if (served.serve.exitCode !== null) throw new Error('the program ended')
    const figure = figuresOf('podsapi')
    return [
      figure('generated requests, each with a documented reply', '', read.count + written.count),
      figure('of those that change something, carried out', '', written.changed),
      figure('operations that succeeded', '', new Set([...read.operations, ...written.operations]).size),
      figure('generated requests per second', '/s', (read.count + written.count) / seconds),
    ]
  } finally {
    served.stop()
  }
}

interface Sent {
  readonly count: number
  readonly changed: number
  /** That succeeded. */
  readonly operations: ReadonlySet<string>
  readonly problems: readonly string[]
}

async function sendAll(
  served: ServedPods,
  requests: readonly FuzzRequest[],
  tokens: readonly string[],
  check: ReturnType<typeof createReplyCheck>,
): Promise<Sent> {
  const operations = new Set<string>()
  const problems: string[] = []
  let [next, changed] = [0, 0]
  const worker = async (): Promise<void> => {
    for (let index = next++; index < requests.length; index = next++) {
      const request = requests[index]
      if (request === undefined) return
      const reply = await send(served.origin, request, tokens[index % tokens.length] ?? '')
      if (index % SHOWN_EVERY === 0)
        console.log(`${index} of ${requests.length} requests, ${problems.length} problems`)
      const problem = reply.status >= 500 ? `the status is ${reply.status}` : check(request, reply)
      if (problem !== null)
        problems.push(
          `${request.method} ${request.path}: ${reply.status}: ${problem}: ${reply.text.slice(0, 300)}`,
        )
      if (reply.status >= 300) continue
      operations.add(request.operationId)
      if (request.method !== 'GET') changed += 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return { count: requests.length, changed, operations, problems }
}

/** Waits for as long as a token is asked to; a request that never gets through is a fault of the server. */
async function send(origin: string, request: FuzzRequest, token: string): Promise<FuzzReply> {
  const { method, path, headers, body } = request
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}` },
      ...(body !== null && method !== 'GET' && { body }),
    })
    const contentType = response.headers.get('content-type') ?? ''
    const isStream = contentType === 'text/event-stream'
    const text = isStream ? '' : await response.text()
    if (isStream) await response.body?.cancel()
    const waitS = Number(response.headers.get('retry-after'))
    if (response.status !== 429 || !(waitS > 0)) return { status: response.status, contentType, text }
    if (tries === MAX_TRIES) return { status: 500, contentType, text: `After ${tries} tries: ${text}` }
    await wait(Math.min(waitS, 60) * 1_000)
  }
}

async function tokensOf(
  served: ServedPods,
  scopes: Parameters<ServedPods['tokens']>[1],
): Promise<readonly string[]> {
  for (;;) {
    const tokens = served.tokens(TOKENS, scopes)
    if (tokens.length > 0) return tokens
    await wait(200)
  }
}

async function jsonOf(served: ServedPods, path: string, token: string) {
  const response = await fetch(`${served.origin}${path}`, { headers: { authorization: `Bearer ${token}` } })
  return response.ok ? JSON.parse(await response.text()) : null
}

/** Ids of what is there, once it was read, and of what isn't. */
async function knownIds(served: ServedPods, token: string) {
  for (;;) {
    const [lab] = (await jsonOf(served, '/api/v1/labs', token))?.data ?? []
    const pods =
      lab === undefined ? null : await jsonOf(served, `/api/v1/pods?labId=${lab.id}&limit=100`, token)
    if (pods?.data?.length > 0)
      return {
        labId: [lab.id, lab.slug, 'none'],
        id: [...pods.data.map((pod: { readonly _id: string }) => pod._id), lab.slug, 'none'],
        month: ['current', '2026-10'],
      }
    await wait(200)
  }
}

async function countChanges({ runpod }: ServedPods): Promise<number> {
  const sent: readonly { readonly method: string; readonly path: string }[] = JSON.parse(
    await (await fetch(`${runpod}/_simulator/requests`)).text(),
  )
  return sent.filter(({ method, path }) => method !== 'GET' && path.startsWith('/v2')).length
}
