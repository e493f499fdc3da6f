import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alertName } from '../../src/core/alerts/alert-history'
import type { PendingAlert } from '../../src/core/alerts/alert'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import type { ChannelKind } from '../../src/core/channels/channel'
import { openChannelStore } from '../../src/node/channels/channel-store'
import type { ReceivingServer, ServiceFault } from '../../test/harness/channels/receiving-server'
import {
  type SeenMessage,
  startDiscord,
  startNtfy,
  startSlack,
  startWebhook,
} from '../../test/harness/channels/services'
import { createFakeClock } from '../../test/harness/base/fake-clock'
import { createSeededRandom, type SeededRandom } from '../seeded-random'
import { startProgram } from './program'
import { judgeService, type Told } from './oracle'

/** What a story came to. */
export interface StoryResult {
  readonly alerts: number
  readonly crashes: number
  /** Replies that were lost after a message was accepted. */
  readonly lostReplies: number
  readonly duplicates: number
  /** Sentences; none if all went as it must. */
  readonly problems: readonly string[]
}

const ACCOUNT = 'account-1'
const POLL_MS = 30 * SECOND_MS
const STORY_MS = 3 * HOUR_MS
/** A program that never gets far shows nothing more. */
const MAX_CRASHES = 100

/** A killed program loses nothing that it wrote, so a file system in memory, which is faster, shows as much. */
const TEMPORARY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** The services of a story, and the path of the address of each. */
const services = [
  ['ntfy', startNtfy, '/my-topic'],
  ['slack', startSlack, '/services/T0/B0/XXXX'],
  ['discord', startDiscord, '/api/webhooks/1/token'],
  ['webhook', startWebhook, '/hook'],
] as const

interface Scripted {
  readonly alert: PendingAlert
  readonly token: string
  readonly fromMs: number
  readonly untilMs: number
}

/** Alerts that begin and end at any time, each with a token that nothing else has. */
function scriptAlerts(random: SeededRandom, count: number): readonly Scripted[] {
  return Array.from({ length: count }, (_, index) => {
    const token = `token${String(index).padStart(5, '0')}`
    const isCritical = random.bool(0.4)
    const fromMs = random.between(0, STORY_MS - HOUR_MS)
    const kind = isCritical
      ? random.pick(['auto-stop-soon', 'max-hours-soon', 'unable-to-act', 'key-refused'] as const)
      : random.pick(['pod-error', 'idle', 'pod-gone', 'action-ended'] as const)
    return {
      token,
      fromMs,
      untilMs: fromMs + random.between(5 * MINUTE_MS, 40 * MINUTE_MS),
      alert: {
        key: { kind, accountId: ACCOUNT, podId: token, episode: token },
        podName: token,
        title: `${token} needs <attention> & *care*`,
        body: 'It does.',
        tone: 'bad',
        isCritical,
        buttons: [],
      } satisfies PendingAlert,
    }
  })
}

/** What goes wrong with a service: single requests, and everything for a while. */
function scriptFaults(random: SeededRandom, nowMs: () => number, onLostReply: () => void) {
  const outages = Array.from({ length: random.integer(0, 2) }, () => {
    const fromMs = random.between(0, STORY_MS)
    return {
      fromMs,
      untilMs: fromMs + random.between(MINUTE_MS, 40 * MINUTE_MS),
      isRefusal: random.bool(0.3),
    }
  })
  return (body: string): ServiceFault | null => {
    const outage = outages.find(({ fromMs, untilMs }) => fromMs <= nowMs() && nowMs() < untilMs)
    if (outage?.isRefusal) return { kind: 'reply', reply: { status: 403, body: 'no' } }
    if (outage) return { kind: 'reset' }
    const dice = random.next()
    if (dice < 0.03) return { kind: 'reset' }
    if (dice < 0.06) return { kind: 'reply', reply: { status: 500, body: 'oops' } }
    if (dice < 0.08)
      return { kind: 'reply', reply: { status: 429, headers: { 'retry-after': '30' }, body: 'slow down' } }
    // Some alerts are never taken as they are.
    if (/token\d*7 needs/.test(body))
      return { kind: 'reply', reply: { status: 400, body: 'invalid_payload' } }
    if (dice < 0.12)
      return {
        kind: 'reply',
        reply: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' },
      }
    if (dice < 0.15) {
      onLostReply()
      return { kind: 'drop-reply' }
    }
    return null
  }
}

/**
 * Alerts on their way to four services over real HTTP, from a program that is killed at any moment. Time is virtual.
 * What counts is what the services have in the end.
 */
export async function runStory(seed: number, alertCount: number): Promise<StoryResult> {
  const random = createSeededRandom(seed)
  const clock = createFakeClock()
  const startMs = clock.now().wallMs
  const nowMs = (): number => clock.now().wallMs - startMs
  const folder = mkdtempSync(join(TEMPORARY, 'podkeeper-channels-'))
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  const script = scriptAlerts(random, alertCount)
  const killRate = random.pick([0, 0.005, 0.02, 0.05])
  let crashes = 0
  let isCalm = false
  const lostReplies = new Map<ChannelKind, number>()
  const servers = new Map<ChannelKind, ReceivingServer<SeenMessage>>()
  const told: Told[] = []
  try {
    const store = openChannelStore(folder, null, () => {})
    for (const [kind, start, path] of services) {
      const server = await start({ nowMs })
      servers.set(kind, server)
      lostReplies.set(kind, 0)
      server.fail(scriptFaults(random, nowMs, () => lostReplies.set(kind, (lostReplies.get(kind) ?? 0) + 1)))
      const added = await store.add(kind, kind, '127.0.0.1', {
        address: `${server.origin}${path}`,
        token: null,
      })
      if (!added.ok) throw new Error(added.error)
    }
    const start = () =>
      startProgram({
        folder,
        clock,
        accountId: ACCOUNT,
        random: () => random.next(),
        isKilledAt: () => !isCalm && crashes < MAX_CRASHES && random.bool(killRate),
      })
    let program = start()
    const isIdle = (): boolean =>
      program.channels.view().channels.every(({ status }) => status.waitingCount === 0)

    for (;;) {
      isCalm = nowMs() > STORY_MS
      if (isCalm) for (const server of servers.values()) server.fail(null)
      const pending = script.filter(({ fromMs, untilMs }) => fromMs <= nowMs() && nowMs() < untilMs)
      program.dispatcher.dispatch(
        pending.map(({ alert }) => alert),
        true,
      )
      for (const { alert, token } of pending)
        if (program.dispatcher.deliveredAtMs(alert.key) !== null) told.push({ token, atMs: nowMs() })
      const untilMs = clock.now().monotonicMs + POLL_MS
      while (clock.now().monotonicMs < untilMs && !program.isDead()) {
        await program.settle()
        const [next = POLL_MS] = clock.pendingDelaysMs()
        // Less than a millisecond might be lost beside a large number, and never pass.
        clock.advance(Math.max(1, Math.ceil(Math.min(next, untilMs - clock.now().monotonicMs))))
      }
      await program.settle()
      if (program.isDead()) {
        program.end()
        crashes += 1
        clock.advance(random.between(1, 30) * SECOND_MS)
        clock.restart(`run-${crashes + 1}`)
        program = start()
      } else if (isCalm && isIdle()) break
      if (nowMs() > STORY_MS + 6 * HOUR_MS) break
    }
    const status = program.channels.view().channels
    program.end()

    const judged = services.map(([kind]) =>
      judgeService({
        kind,
        seen: servers.get(kind)?.received ?? [],
        alerts: script.map(({ token, alert }) => ({
          token,
          isCritical: alert.isCritical,
          name: alertName(alert.key),
        })),
        maxDuplicates: crashes + (lostReplies.get(kind) ?? 0),
      }),
    )
    // A warning counts as delivered only if someone has it.
    const seenTokens = new Set(
      [...servers.values()].flatMap(({ received }) =>
        received.flatMap(({ text }) => text.match(/token\d+/g) ?? []),
      ),
    )
    const unseen = told.filter(({ token }) => !seenTokens.has(token))
    return {
      alerts: alertCount,
      crashes,
      lostReplies: [...lostReplies.values()].reduce((sum, each) => sum + each, 0),
      duplicates: judged.reduce((sum, { duplicates }) => sum + duplicates, 0),
      problems: [
        ...judged.flatMap(({ problems }) => problems),
        ...unseen.map(({ token }) => `${token} counts as delivered, and nobody has it`),
        ...status.flatMap(({ kind, status: { waitingCount, lostCount } }) =>
          waitingCount + lostCount > 0
            ? [`${kind}: ${waitingCount} wait and ${lostCount} were given up`]
            : [],
        ),
      ].map((problem) => `seed ${seed}: ${problem}`),
    }
  } finally {
    await Promise.all([...servers.values()].map((server) => server.close()))
    rmSync(folder, { recursive: true, force: true })
  }
}
