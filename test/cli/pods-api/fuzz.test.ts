import { expect, test } from 'vitest'
import {
  createReplyCheck,
  type FuzzReply,
  type FuzzRequest,
  fuzzRequests,
} from '../../harness/http/openapi-fuzz'
import { startSimulator } from '../../harness/cli/cli'
import { createTokens, type ServedFolder, startServed } from '../../harness/cli/served'
import { quickPod } from '../../harness/cli/watched'

/* What the served document allows, and what it doesn't, against `podkeeper serve`. Longer in the bench. */

const SEED = 20_261_127
const COUNT = 260
const ALWAYS_POSSIBLE = [
  'getPods',
  'getPodsCosts',
  'getPodsById',
  'postPodsByIdTerminate',
  'getLabs',
  'getCosts',
  'getExperiments',
  'postExperiments',
  'getActivity',
  'getEvents',
  'getMetrics',
]

async function sendAll(
  served: ServedFolder,
  requests: readonly FuzzRequest[],
  tokens: readonly string[],
): Promise<readonly FuzzReply[]> {
  const replies: FuzzReply[] = []
  for (const [index, { method, path, headers, body }] of requests.entries()) {
    const response = await fetch(`${served.origin}${path}`, {
      method,
      headers: { ...headers, authorization: `Bearer ${tokens[index % tokens.length]}` },
      ...(body !== null && method !== 'GET' && { body }),
    })
    const contentType = response.headers.get('content-type') ?? ''
    const isStream = contentType === 'text/event-stream'
    const text = isStream ? '' : await response.text()
    if (isStream) await response.body?.cancel()
    replies.push({ status: response.status, contentType, text })
  }
  return replies
}

test('every reply is documented, none is a fault of the server, and nothing is done without the scope', async () => {
  const runpod = await startSimulator([
    quickPod('a', { mode: 'idle' }),
    quickPod('b', { mode: 'training' }),
    quickPod('c', { mode: 'stopped' }),
  ])
  const served = await startServed({ runpod })
  const [lab] = (await served.send('/labs')).body.data
  const job = await served.send('/experiments', {
    method: 'POST',
    body: { labId: lab.id, title: 'x', command: 'true' },
  })
  const document = (await served.send('//openapi.json')).body
  expect(document.openapi).toBe('3.1.0')
  const known = {
    labId: [lab.id, lab.slug, 'none'],
    id: ['pod_a', 'pod_b', 'c', lab.slug, job.body.data._id, 'none'],
    month: ['current', '2026-10'],
  }
  const requests = fuzzRequests(document, { seed: SEED, count: COUNT, known })
  const check = createReplyCheck(document)
  const wrong = (replies: readonly FuzzReply[]): string[] =>
    replies.flatMap((reply, index) => {
      const request = requests[index]!
      const problem = reply.status >= 500 ? `the status is ${reply.status}` : check(request, reply)
      return problem === null
        ? []
        : [`${request.method} ${request.path}: ${problem}: ${reply.text.slice(0, 300)}`]
    })

  const readers = createTokens(served.folder, ['pods:read'], 4)
  const before = runpod.requests.filter(({ method }) => method !== 'GET').length
  expect(wrong(await sendAll(served, requests, readers))).toEqual([])
  expect(
    runpod.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/v2')).length,
  ).toBeLessThanOrEqual(before)

  const writers = createTokens(served.folder, ['pods:write', 'pods:terminate'], 6)
  const replies = await sendAll(served, requests, writers)
  expect(wrong(replies)).toEqual([])
  // It does get through, whatever state the pods are in by then.
  const succeeded = requests
    .filter((_, index) => replies[index]!.status < 300)
    .map(({ operationId }) => operationId)
  expect(succeeded).toEqual(expect.arrayContaining(ALWAYS_POSSIBLE))
  expect(succeeded.filter((each) => /^postPodsById(Start|Stop|Restart)$/.test(each))).not.toEqual([])
  expect(served.serve.child.exitCode).toBeNull()
})
