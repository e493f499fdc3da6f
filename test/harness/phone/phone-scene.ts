import type { AlertKey } from '../../../src/core/alerts/alert'
import type { AuditEntry } from '../../../src/core/audit-log/audit-log'
import { fail, ok } from '../../../src/core/base/result'
import type { Intent } from '../../../src/core/intents/intent'
import {
  newPhoneState,
  type PhoneCommand,
  type PhonePod,
  type PhoneState,
  type PhoneUpdate,
  type PhoneVerb,
} from '../../../src/core/phone/offer/phone'
import { storedPhonesSchema } from '../../../src/core/phone/phone-codec'
import {
  createPhoneLine,
  type PhoneLine,
  type PollOutcome,
  type SayOutcome,
} from '../../../src/core/phone/phone-line'
import { offerForAlert } from '../../../src/core/phone/phone-offers'
import { createFakeClock } from '../base/fake-clock'
import * as v from 'valibot'

export const idleAlert = (podId = 'llama'): AlertKey => ({
  kind: 'idle',
  accountId: 'acc',
  podId,
  episode: '1',
})

export const phonePod = (over: Partial<PhonePod> = {}): PhonePod => ({
  accountId: 'acc',
  podId: 'llama',
  name: 'llama',
  isRunning: true,
  startedAtMs: 1_000,
  doing: 'idle for 22 min',
  stopProblem: null,
  keptUntilMs: null,
  ...over,
})

/** What a phone shows, and what waits at its service: as documented, offset included. */
export function createPhoneScene() {
  const clock = createFakeClock()
  let nextId = 0
  let nextUpdate = 100
  const scene = {
    clock,
    disk: JSON.stringify({ version: 1, channels: { c: newPhoneState } }),
    canSave: true,
    pods: [phonePod()] as PhonePod[],
    problem: null as string | null,
    currentAlerts: new Set<string>(['llama']),
    mayStop: true,
    /** Updates at the service that nobody confirmed. */
    waiting: [] as { update: PhoneUpdate; number: number }[],
    isOffline: false,
    losesReplies: false,
    losesSays: false,
    shown: [] as { text: string; offerId: string | null; buttons: readonly PhoneVerb[]; atMs: number }[],
    answers: [] as string[],
    cleared: [] as string[],
    carriedOut: [] as (PhoneCommand & { readonly doneAtMs: number })[],
    undone: [] as string[],
    log: [] as AuditEntry[],
    failures: [] as (string | null)[],
    intents: new Map<string, Intent>(),
    line: null as PhoneLine | null,
    state: (): PhoneState => v.parse(storedPhonesSchema, JSON.parse(scene.disk))['c'] ?? newPhoneState,
    save(state: PhoneState): void {
      scene.disk = JSON.stringify({ version: 1, channels: { c: state } })
    },
    start(): void {
      scene.line?.stop()
      if (scene.line !== null) clock.restart(`run-${(nextId += 1)}`)
      scene.line = newLine()
      scene.line.start()
    },
    /** The alert arrives with its buttons. */
    alert(
      target: PhonePod | null = null,
      buttons: readonly PhoneVerb[] = ['stop', 'keep-4h', 'keep-morning'],
    ): string {
      const { podId, accountId, name, startedAtMs } = target ?? scene.pods[0]!
      const made = offerForAlert(
        scene.state(),
        { podId, accountId, podName: name, podStartedAtMs: startedAtMs ?? 0 },
        idleAlert(podId),
        buttons,
        clock.now().wallMs,
        () => `id${(nextId += 1)}`,
      )
      scene.save(made.state)
      return made.offer?.id ?? ''
    },
    send(update: Partial<Extract<PhoneUpdate, { kind: 'press' }>> | Record<string, unknown>): void {
      const number = (nextUpdate += 1)
      scene.waiting.push({
        number,
        update: {
          id: String(number),
          kind: 'press',
          from: { id: '7', name: 'Anna' },
          isPrivate: true,
          callbackId: `q${number}`,
          messageId: '55',
          agoMs: null,
          ...update,
        } as PhoneUpdate,
      })
      wakePoll()
    },
    press: (offerId: string, verb: PhoneVerb, over: Record<string, unknown> = {}): void =>
      scene.send({ offerId, verb, ...over }),
    text: (text: string, over: Record<string, unknown> = {}): void =>
      scene.send({ kind: 'text', text, ...over }),
    lastOffer: (): string => scene.shown.filter(({ offerId }) => offerId !== null).at(-1)?.offerId ?? '',
    texts: (): string[] => scene.shown.map(({ text }) => text),
    intent(id: string, changes: Partial<Intent>): void {
      const at = clock.now()
      const before =
        scene.intents.get(id) ?? ({ id, phase: 'scheduled', message: null, sentAt: null } as Intent)
      scene.intents.set(id, { ...before, phaseAt: at, ...changes })
    },
  }
  let wakePoll = (): void => {}

  function poll(cursor: string | null) {
    let settle: (outcome: PollOutcome) => void = () => {}
    const outcome = new Promise<PollOutcome>((resolve) => {
      settle = resolve
    })
    let isOpen = true
    const end = (result: PollOutcome): void => {
      isOpen = false
      settle(result)
    }
    const answer = (): void => {
      if (!isOpen) return
      if (scene.isOffline)
        return end({ ok: false, error: 'No network.', isBroken: false, retryAfterMs: null })
      // An offset confirms what is below it.
      scene.waiting = scene.waiting.filter(({ number }) => cursor === null || number >= Number(cursor))
      const some = scene.waiting.slice(0, 3)
      if (some.length === 0) return
      if (scene.losesReplies)
        return end({ ok: false, error: 'No reply.', isBroken: false, retryAfterMs: null })
      end({
        ok: true,
        updates: some.map(({ update }) => update),
        cursor: String(some.at(-1)!.number + 1),
        isFull: some.length === 3,
      })
    }
    const cancelTimer = clock.schedule(50_000, () => {
      answer()
      if (isOpen) end({ ok: true, updates: [], cursor, isFull: false })
    })
    wakePoll = answer
    answer()
    return {
      outcome: outcome.finally(cancelTimer),
      cancel: () => end({ ok: false, error: 'Canceled.', isBroken: false, retryAfterMs: null }),
    }
  }

  const newLine = (): PhoneLine =>
    createPhoneLine({
      clock,
      service: {
        poll,
        async say({ text, offerId }, offer): Promise<SayOutcome> {
          if (scene.isOffline) return 'failed'
          scene.shown.push({ text, offerId, buttons: offer?.buttons ?? [], atMs: clock.now().wallMs })
          return scene.losesSays ? 'failed' : 'accepted'
        },
        answer: async (_id, text) => void scene.answers.push(text),
        clearButtons: async (id) => void scene.cleared.push(id),
      },
      load: scene.state,
      change(make) {
        if (!scene.canSave) return fail('The disk is full')
        scene.save(make(scene.state()))
        return ok(undefined)
      },
      context: () => ({
        personId: '7',
        service: 'telegram',
        channelName: 'Telegram',
        mayStop: scene.mayStop,
        world: {
          pods: () => scene.pods,
          problemOf: () => scene.problem,
          problems: () => (scene.problem === null ? [] : [scene.problem]),
          isCurrent: ({ podId }) => scene.currentAlerts.has(podId ?? ''),
        },
      }),
      newId: () => `id${(nextId += 1)}`,
      mayAct: () => true,
      carryOut(command) {
        scene.carriedOut.push({ ...command, doneAtMs: clock.now().wallMs })
        if (command.action !== 'stop') return { ok: true, keptUntilMs: clock.now().wallMs + 4 * 3_600_000 }
        scene.intent(command.id, { phase: 'scheduled' })
        return { ok: true, keptUntilMs: null }
      },
      undo(command) {
        const intent = scene.intents.get(command.id)
        if (command.action === 'stop' && intent?.phase !== 'scheduled') return false
        scene.undone.push(command.id)
        if (command.action === 'stop') scene.intent(command.id, { phase: 'cancelled', message: null })
        return true
      },
      intentOf: (id) => scene.intents.get(id) ?? null,
      record: (entry) => void scene.log.push(entry),
      onFailure: (failure) => void scene.failures.push(failure),
      report: () => {},
    })

  return scene
}
