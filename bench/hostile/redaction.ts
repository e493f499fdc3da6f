import type { Page } from 'playwright-core'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { answerQuestion, confirmWindows, questionTitled } from '../../test/harness/app/act/questions'
import { createSkippableTime } from '../../test/harness/app/act/skip-time'
import { openQueueScene } from '../../test/harness/app/start/queue-scene'
import type { Scene } from '../../test/harness/app/start/scene'
import { freePort } from '../../test/harness/base/free-port'
import { type ReceivingServer, startReceivingServer } from '../../test/harness/channels/receiving-server'
import { SECOND_MS } from '../../src/core/base/time/time'
import type { Snapshot } from '../../src/core/view/snapshot'
import type { ChannelsView } from '../../src/core/channels/outbox/outbox-ports'
import type { PodsApiView } from '../../src/shared/requests/pods-api-requests'
import type { Measurement } from '../measurement'
import { createRestingMemory } from './resting-app'
import { watchAttack } from './watch-attack'

const LENGTH = 64_000
/** How often each log and each reply is read. */
const TIMES = 10
const POLL_MS = 20 * SECOND_MS
/** The garbage of these readings. */
const MAX_HELD_MB = 100

/** What makes redaction work hard, each 64,000 characters in one line unless its name says otherwise. */
const units: Readonly<Record<string, string>> = {
  'one word': 'a',
  'a word of many parts': 'a-.',
  'names of secrets': 'token-',
  'assigned secrets': 'token=x ',
  'secrets in each other': 'token="token=',
  'values that never end': 'secret: "\\',
  'heads of web tokens': 'eyJaaaaaaaa.',
  'keys of services': 'rpa_7QJ2MXK9 ',
  'addresses with passwords': 'https://a:b@',
  'private keys that never end': '-----BEGIN A KEY-----',
  'authorization headers': 'authorization: Bearer aaaa;',
}
const SHORT_LINES = 'short lines'

/**
 * Each text as the log of a job, read by the served API, and as the reply of a webhook: the longest pause of main, the
 * longest time without a frame, the most memory that main holds, and the memory of the app after all of them.
 */
export async function measureHostileRedaction(): Promise<readonly Measurement[]> {
  let reply = ''
  const webhook = await startReceivingServer(() => ({ reply: { status: 400, body: reply } }))
  const time = createSkippableTime(0)
  const { scene } = await openQueueScene(time)
  try {
    const page = await scene.running.mainWindow()
    const request = await serve(scene)
    const test = await addWebhook(scene, webhook)
    const app = await createRestingMemory(scene.running, page)
    const beforeMb = await app.memoryMb()
    const measurements: Measurement[] = []
    for (const name of [...Object.keys(units), SHORT_LINES]) {
      const id = await addJob(page, request, name)
      await waitUntil('the job to end', async () => {
        const { value } = await page.evaluate<{ value: Snapshot }>('window.app.snapshot()')
        if (value.queue?.jobs.some((job) => job.id === id && job.state === 'passed')) return true
        if (scene.runpod.sshConnectionCount() === 0) await time.skip(scene.running.app, POLL_MS)
        return false
      })
      reply = textOf(name)
      const endOfWatch = await watchAttack(scene.running, page, MAX_HELD_MB)
      const startedAtMs = performance.now()
      for (let readings = 0; readings < TIMES; readings++) {
        const { sizeBytes } = await request<{ sizeBytes: number }>(`/experiments/${id}/logs`)
        if (sizeBytes < LENGTH / 2) throw new Error('The log was not read.')
        await test()
      }
      measurements.push(...(await endOfWatch(`redaction, ${name}`)))
      console.log(`${name}: ${(performance.now() - startedAtMs).toFixed(0)} ms`)
    }
    return [...measurements, await app.restingMemory('redaction', beforeMb)]
  } finally {
    await scene.close()
    await webhook.close()
  }
}

const textOf = (name: string): string =>
  name === SHORT_LINES ? 'a\n'.repeat(LENGTH / 2) : repeated(units[name] ?? '', LENGTH)

const repeated = (unit: string, length: number): string => unit.repeat(Math.floor(length / unit.length))

/** `T`: the data of the reply. */
type SendApi = <T>(path: string, body?: object) => Promise<T>

/** Turns the served API on, for a token that may add jobs. */
async function serve(scene: Scene): Promise<SendApi> {
  const { running, page } = scene
  const port = await freePort()
  await page.evaluate(`window.app.changeSetting('podsApiPort', '${port}')`)
  await page.evaluate("window.app.changeSetting('isPodsApiServed', true)")
  await waitUntil('the API', async () => {
    const { value } = await page.evaluate<{ value: PodsApiView }>('window.app.podsApi()')
    return value.state.kind === 'serving'
  })
  const access = {
    name: 'bench',
    scopes: ['pods:write'],
    accountIds: null,
    maxHourlyUsd: 1,
    lifetimeMs: null,
  }
  const window = await running.mainWindow()
  await window.evaluate(`void window.app.grantApiAccess(${JSON.stringify(access)})`)
  await answerQuestion(running, 'Create the token “bench”?', 'Create token')
  const shown = await questionTitled(running, 'The token “bench” was created')
  const token = (await shown.getByRole('region', { name: 'Token' }).textContent()) ?? ''
  await answerQuestion(running, 'The token “bench” was created', 'Close')
  return async (path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
    const json = (await response.json()) as { data: never }
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(json)}`)
    return json.data
  }
}

/** The returned function sends a test, and resolves once the reply was read. */
async function addWebhook(scene: Scene, webhook: ReceivingServer<unknown>): Promise<() => Promise<void>> {
  const { running } = scene
  const window = await running.mainWindow()
  await window.evaluate("void window.app.addChannel('webhook')")
  const address = await questionTitled(running, /^Send alerts to /)
  await address.getByRole('textbox').fill(`${webhook.origin}/alerts`)
  await answerQuestion(running, /^Send alerts to /, 'Add channel')
  await answerQuestion(running, /need an access token/, 'Continue')
  await waitUntil('the question to be gone', () => confirmWindows(running).length === 0)
  const { value } = await window.evaluate<{ value: ChannelsView }>('window.app.channels()')
  const id = value.channels[0]?.id ?? ''
  return async () => {
    const before = webhook.requestCount()
    await window.evaluate(`window.app.testChannel(${JSON.stringify(id)})`)
    if (webhook.requestCount() === before) throw new Error('Nothing was sent.')
  }
}

/** Starts a job that prints the text; returns its id. */
async function addJob(page: Page, request: SendApi, name: string): Promise<string> {
  const [lab] = await request<readonly { id: string }[]>('/labs')
  const command =
    name === SHORT_LINES
      ? `yes a | head -n ${LENGTH / 2}`
      : `A='${repeated(units[name] ?? '', 1_000)}'\necho ${'$A'.repeat(LENGTH / 1_000)}`
  const { _id: id } = await request<{ _id: string }>('/experiments', {
    labId: lab?.id,
    title: name,
    command,
  })
  const started = await page.evaluate<{ ok: boolean }>(
    `window.app.snapshot().then(({ value }) => window.app.runJob(${JSON.stringify(id)}, value.pods[0].key))`,
  )
  if (!started.ok) throw new Error(`The job did not start: ${JSON.stringify(started)}`)
  return id
}
