import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { figuresOf, type Measurement, quantile } from '../measurement'
import { cpuMsOf, pssMbOf } from '../processes'
import { servePods } from './served'

const PODS = 1_000
const CLIENTS = 100
const PER_SECOND = 50
const LOAD_S = 60
const QUIET_S = 30
const POLL_S = 5

/** `podkeeper serve` over 1,000 pods, asked by 100 clients 50 times a second, and what its watch notices of that. */
export async function measureApiLoad(): Promise<readonly Measurement[]> {
  const served = await servePods(PODS, POLL_S)
  const { origin, runpod, serve } = served
  try {
    const pid = serve.pid ?? 0
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
    // The watch brings the folder to the present format first.
    let tokens = served.tokens(CLIENTS, ['pods:read'])
    for (; tokens.length === 0; tokens = served.tokens(CLIENTS, ['pods:read'])) await wait(200)
    const labId = await waitForLab(origin, tokens[0] ?? '', agent)
    const [, podId = ''] =
      /"_id":"([^"]+)"/.exec(
        (await send(origin, `/api/v1/pods?labId=${labId}`, tokens[1] ?? '', agent)).text,
      ) ?? []
    await wait(QUIET_S * 1_000)
    const quietGaps = await gapsOf(runpod, Date.now() - QUIET_S * 1_000)
    const quietMb = pssMbOf(pid)
    const startedAtMs = Date.now()
    const cpuBefore = cpuMsOf(pid)
    const { latencies, failures } = await load(origin, tokens, labId, podId, agent)
    const cpuShare = ((cpuMsOf(pid) - cpuBefore) / (Date.now() - startedAtMs)) * 100
    agent.destroy()
    const loadedGaps = await gapsOf(runpod, startedAtMs)
    const figure = figuresOf('podsapi')
    return [
      figure(`replies to ${CLIENTS} clients over ${PODS} pods, median`, 'ms', quantile(latencies, 0.5)),
      figure('the same, 95%', 'ms', quantile(latencies, 0.95), { goal: { kind: 'value', atMost: 250 } }),
      figure('the same, longest', 'ms', Math.max(...latencies)),
      figure('requests that failed', '', failures, { goal: { kind: 'value', atMost: 0 } }),
      figure('CPU', '% of a core', cpuShare),
      figure('memory under load', 'MB', pssMbOf(pid), { baseline: quietMb, beside: 'before it' }),
      figure('longest gap between two polls', 's', Math.max(...loadedGaps), {
        baseline: Math.max(...quietGaps),
        beside: 'without load',
        goal: { kind: 'difference', atMost: 1 },
      }),
    ]
  } finally {
    served.stop()
  }
}

interface LoadReply {
  readonly status: number
  readonly text: string
}

const send = (origin: string, path: string, token: string, agent: Agent): Promise<LoadReply> =>
  new Promise((done) => {
    const sent = request(
      `${origin}${path}`,
      { agent, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => done({ status: response.statusCode ?? 0, text }))
      },
    )
    sent.on('error', () => done({ status: 0, text: '' }))
    sent.end()
  })

/** Resolves with its id once its pods were read. */
async function waitForLab(origin: string, token: string, agent: Agent): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { text } = await send(origin, '/api/v1/labs', token, agent)
    const [, id] = /"id":"([^"]+)"/.exec(text) ?? []
    if (id !== undefined && (await send(origin, `/api/v1/pods?labId=${id}`, token, agent)).status === 200)
      return id
    await wait(200)
  }
  throw new Error('the pods were not served')
}

async function load(
  origin: string,
  tokens: readonly string[],
  labId: string,
  podId: string,
  agent: Agent,
): Promise<{ readonly latencies: readonly number[]; readonly failures: number }> {
  const latencies: number[] = []
  let failures = 0
  const paths = [
    `/api/v1/pods?labId=${labId}&limit=100`,
    `/api/v1/pods/${podId}`,
    `/api/v1/pods?labId=${labId}&status=running`,
    `/api/v1/costs?labId=${labId}`,
  ]
  const pending: Promise<void>[] = []
  const startedAt = performance.now()
  for (let index = 0; index < LOAD_S * PER_SECOND; index += 1) {
    const dueMs = startedAt + (index * 1_000) / PER_SECOND
    if (dueMs > performance.now()) await wait(dueMs - performance.now())
    const sentAt = performance.now()
    const token = tokens[index % tokens.length] ?? ''
    pending.push(
      send(origin, paths[index % paths.length] ?? '', token, agent).then(({ status }) => {
        latencies.push(performance.now() - sentAt)
        if (status !== 200) failures += 1
      }),
    )
  }
  await Promise.all(pending)
  return { latencies, failures }
}

/** Seconds between two lists of pods since then. */
async function gapsOf(runpod: string, sinceMs: number): Promise<readonly number[]> {
  const requests = (await (await fetch(`${runpod}/_simulator/requests`)).json()) as readonly LoadRequest[]
  const times = requests.filter(({ path, at }) => path === '/v2/pods' && at >= sinceMs).map(({ at }) => at)
  return times.slice(1).map((at, index) => (at - (times[index] ?? at)) / 1_000)
}

interface LoadRequest {
  readonly path: string
  /** Unix ms. */
  readonly at: number
}
