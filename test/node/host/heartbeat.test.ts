import { expect, onTestFinished, test } from 'vitest'
import { createHeartbeat, type HeartbeatTarget } from '../../../src/core/channels/heartbeat'
import { createHeartbeatSender } from '../../../src/providers/channels/heartbeat-sender'
import { createFakeClock } from '../../harness/base/fake-clock'
import { startHttpServer, text } from '../../harness/http/http-server'

const SECRET = '/ping/4f1c9a6e-secret'

/** A dead-man's switch over real HTTP, and a program whose time passes on request. */
async function startSwitch() {
  const clock = createFakeClock()
  const state = { isWell: true, status: 200, location: '', target: null as HeartbeatTarget | null }
  const minutes: number[] = []
  const startedAtMs = clock.now().wallMs
  const server = await startHttpServer()
  onTestFinished(() => server.close())
  server.replyWith(({ method, path }) => {
    expect([method, path]).toEqual(['GET', SECRET])
    minutes.push((clock.now().wallMs - startedAtMs) / 60_000)
    return text('OK', { status: state.status, headers: { location: state.location } })
  })
  state.target = { url: `${server.origin}${SECRET}`, everyMinutes: 5 }
  const texts: string[] = []
  const sendOver = createHeartbeatSender({ version: '1', proxyEnvironment: {} })
  let sending: Promise<unknown> = Promise.resolve()
  const heartbeat = createHeartbeat({
    clock,
    target: () => state.target,
    isWell: () => state.isWell,
    send(url) {
      const sent = sendOver(url)
      sending = sent
      return sent
    },
    report: (sentence) => texts.push(sentence),
  })
  onTestFinished(() => heartbeat.dispose())
  let isStarted = false
  return {
    state,
    server,
    texts,
    heartbeat,
    /** The minutes in which requests came while this time passed. */
    pass: async (count: number): Promise<readonly number[]> => {
      const from = minutes.length
      if (!isStarted) heartbeat.start()
      isStarted = true
      for (let step = 0; step <= count * 6; step += 1) {
        await sending
        await clock.advanceAsync(step === 0 ? 0 : 10_000)
        await sending
      }
      return minutes.slice(from)
    },
  }
}

test('a dead-man’s switch gets a request at each interval while the program is well', async () => {
  const { pass, texts, state } = await startSwitch()
  expect(await pass(21)).toEqual([0, 5, 10, 15, 20])
  expect(texts).toEqual([expect.stringMatching(/^The dead-man’s switch was reached. .* every 5 min /)])
  state.target = null
  expect(await pass(30)).toEqual([])
})

test('it gets none while the program can’t observe or act, and one soon after', async () => {
  const { pass, state } = await startSwitch()
  state.isWell = false
  expect(await pass(60)).toEqual([])
  state.isWell = true
  expect(await pass(6)).toHaveLength(2)
  state.isWell = false
  expect(await pass(60)).toEqual([])
})

test('one that doesn’t answer with success is tried each minute, which is said once, without the address', async () => {
  const { pass, state, texts, server } = await startSwitch()
  state.status = 500
  expect(await pass(3)).toEqual([0, 1, 2, 3])
  expect(texts).toEqual([
    `The dead-man’s switch wasn’t reached: ${new URL(server.origin).host} answered HTTP 500.`,
  ])
  state.status = 200
  expect(await pass(7)).toEqual([4, 9])
  expect(texts.at(-1)).toBe('The dead-man’s switch is reached again.')
  state.status = 302
  state.location = 'https://example.org/'
  expect(await pass(5)).toEqual([14, 15])
  await server.close()
  await pass(3)
  expect(texts).toHaveLength(3)
  expect(texts.join('\n')).not.toContain('secret')
})

test('nothing is sent unencrypted to another computer, or after the end', async () => {
  const { pass, state, texts, heartbeat } = await startSwitch()
  state.target = { url: `http://192.0.2.1${SECRET}`, everyMinutes: 5 }
  expect(await pass(2)).toEqual([])
  expect(texts).toEqual([expect.stringContaining('must begin with https://')])
  heartbeat.dispose()
  state.target = null
  expect(await pass(30)).toEqual([])
})
