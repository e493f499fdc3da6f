import type { Result } from '../../../src/core/base/result'
import type { QuestionView } from '../../../src/core/confirmation/question-queue'
import {
  type Bridge,
  type EventName,
  type PageTarget,
  type RequestError,
  type RequestName,
  requestNames,
} from '../../../src/shared/ipc'
import { serializeSnapshot } from '../../../src/shared/snapshot-text'
import type { Snapshot } from '../../../src/core/view/snapshot'
import type { FrameLink } from './frame-preload'
import { decodePlainData, encodePlainData } from './plain-data-codec'
import type { SceneEvent, SceneFunctions, WindowFile } from './scene-contract'
import { waitUntil } from './wait-until'

/** A reply, or an event, that was held back. */
export interface Held {
  /** Resolves with the arguments once the page has asked and the reply is there. */
  readonly arrived: () => Promise<readonly unknown[]>
  /** Gives the page the reply. */
  readonly release: () => void
  /** Gives the page this failure in its place. What was asked for has happened nevertheless. */
  readonly fail: (message: string) => void
}

export interface HeldEvents {
  /** The payloads that arrived, oldest first. */
  readonly payloads: readonly unknown[]
  /** Gives the page the event with this index, again if it had it before. */
  readonly deliver: (index: number) => void
  /** Gives the page all that it didn't have, and holds no more. */
  readonly release: () => void
}

export interface BridgeRequest {
  readonly page: WindowFile
  readonly name: string
  readonly args: readonly unknown[]
}

/** The contract of `src/shared` for the windows of a scene, with delays and order under the control of the test. */
export interface TestBridge {
  /** What windows asked for, oldest first. */
  readonly requests: readonly BridgeRequest[]
  /** Breaches of the contract and errors of pages. The test fails if there are any. */
  readonly faults: string[]
  /** Holds back the reply to the next request of this name. */
  readonly holdReply: (name: RequestName) => Held
  /** Lets the next request of this name fail, without the app knowing of it. */
  readonly failNext: (name: RequestName, message: string) => void
  /** Gives pages this reply to requests of this name from now on, in place of the app's: of a state that takes long. */
  readonly replyWith: <N extends RequestName>(
    name: N,
    reply: (...args: Parameters<Bridge[N]>) => Awaited<ReturnType<Bridge[N]>>,
  ) => void
  /** Holds back events of this name from now on. */
  readonly holdEvents: (name: EventName) => HeldEvents
  /** Gives windows a snapshot that the app didn't make, in place of all of its own: of a state that takes long. */
  readonly showSnapshot: (snapshot: Snapshot) => void
  /** Asks as any page could, also for what the contract doesn't allow. */
  readonly request: (name: string, ...args: readonly unknown[]) => Promise<Result<any, RequestError>>
  /** The open question of the app's own window, once there is one with this title. */
  readonly question: (title: string | RegExp) => Promise<QuestionView>
  /** Presses a button of that question, with this text in its field. */
  readonly answerQuestion: (title: string | RegExp, button: string, typed?: string) => Promise<void>
  /** The open question; null: there is none. */
  readonly openQuestion: () => Promise<QuestionView | null>
}

/** The parts of a bridge that `openWindow` and `openScene` use. */
export interface BridgeParts extends TestBridge {
  /** `shown`: the page that the app shows in the window as it opens; null: the first one. */
  readonly createLink: (page: WindowFile, locale: string, shown: PageTarget | null) => FrameLink
  readonly removeLink: (link: FrameLink) => void
  readonly setNowMs: (nowMs: number) => void
  /** Gives events to windows until the scene is closed. */
  readonly deliverEvents: () => Promise<void>
  /** Resolves once windows had the event with this number. */
  readonly delivered: (number: number) => Promise<void>
}

interface Subscription {
  readonly link: FrameLink
  readonly name: string
  readonly listener: (payload: string) => void
}

export function createBridge(scene: SceneFunctions): BridgeParts {
  const requests: BridgeRequest[] = []
  const faults: string[] = []
  const subscriptions = new Set<Subscription>()
  const links = new Set<FrameLink>()
  const heldReplies: {
    readonly name: string
    take: (args: readonly unknown[], reply: string) => Promise<string>
  }[] = []
  const failures: { readonly name: string; readonly message: string }[] = []
  const ownReplies = new Map<string, (...args: readonly any[]) => unknown>()
  const heldEvents = new Map<string, unknown[]>()
  let nowMs = 0
  /** Higher than any of the app's own. */
  let shownRevision = 1_000_000
  let lastDelivered = 0

  const failure = (message: string): string => encodePlainData({ ok: false, error: { message } })

  function give(name: string, payload: unknown): void {
    const text = encodePlainData(payload)
    for (const each of subscriptions) if (each.name === name) each.listener(text)
  }

  function takeEvent({ name, payload, number }: SceneEvent): void {
    const held = heldEvents.get(name)
    if (held === undefined) give(name, payload)
    else held.push(payload)
    lastDelivered = number
  }

  async function handleRequest(page: WindowFile, name: string, argsText: string): Promise<string> {
    const args = decodePlainData(argsText) as readonly unknown[]
    requests.push({ page, name, args })
    const failing = failures.findIndex((each) => each.name === name)
    if (failing >= 0) return failure(failures.splice(failing, 1)[0]?.message ?? '')
    const holding = heldReplies.findIndex((each) => each.name === name)
    const [held] = holding < 0 ? [] : heldReplies.splice(holding, 1)
    const { result, breach } = await scene.request(page, name, args)
    if (breach !== null) faults.push(breach)
    const ownReply = ownReplies.get(name)
    const reply = encodePlainData(ownReply === undefined ? result : ownReply(...args))
    return held === undefined ? reply : held.take(args, reply)
  }

  const openQuestion = (): Promise<QuestionView | null> => scene.question()

  async function question(title: string | RegExp): Promise<QuestionView> {
    let shown: QuestionView | null = null
    return waitUntil(
      () => `the question ${title}; open is ${shown === null ? 'none' : `“${shown.title}”`}`,
      async () => {
        shown = await openQuestion()
        const isIt = typeof title === 'string' ? shown?.title === title : title.test(shown?.title ?? '')
        return isIt ? shown : null
      },
    )
  }

  return {
    requests,
    faults,
    holdReply(name) {
      const arrival = Promise.withResolvers<readonly unknown[]>()
      const settled = Promise.withResolvers<string>()
      let reply = ''
      heldReplies.push({
        name,
        take(args, text) {
          reply = text
          arrival.resolve(args)
          return settled.promise
        },
      })
      return {
        arrived: () => arrival.promise,
        release: () => settled.resolve(reply),
        fail: (message) => settled.resolve(failure(message)),
      }
    },
    failNext: (name, message) => void failures.push({ name, message }),
    replyWith: (name, reply) => void ownReplies.set(name, reply),
    holdEvents(name) {
      const payloads: unknown[] = []
      const given = new Set<number>()
      heldEvents.set(name, payloads)
      const deliver = (index: number): void => {
        if (index >= payloads.length) throw new Error(`Only ${payloads.length} events arrived.`)
        given.add(index)
        give(name, payloads[index])
      }
      return {
        payloads,
        deliver,
        release() {
          heldEvents.delete(name)
          payloads.forEach((_, index) => given.has(index) || deliver(index))
        },
      }
    },
    showSnapshot(snapshot) {
      if (!heldEvents.has('snapshot')) heldEvents.set('snapshot', [])
      shownRevision += 1
      give('snapshot', serializeSnapshot({ ...snapshot, revision: shownRevision }))
    },
    async request(name, ...args) {
      return (await scene.request('window.html', name, args)).result
    },
    openQuestion,
    question,
    async answerQuestion(title, button, typed = '') {
      const { token, confirmLabel, cancelLabel = 'Cancel', field } = await question(title)
      if (button !== confirmLabel && button !== cancelLabel)
        throw new Error(`The buttons are “${confirmLabel}” and “${cancelLabel}”, not “${button}”.`)
      if (field === null && typed !== '') throw new Error('Nothing can be typed there.')
      const answer = await scene.answerQuestion(token, button === confirmLabel ? typed : null)
      if (answer.kind === 'refused') throw new Error(`The answer was refused: ${answer.message}`)
    },
    createLink(page, locale, shown) {
      const link: FrameLink = {
        requestNames: page === 'confirm.html' ? ['confirmation', 'answerConfirmation'] : requestNames,
        locale,
        nowMs: () => nowMs,
        request: (name, args) => handleRequest(page, name, args),
        subscribe(name, listener) {
          const subscription: Subscription = { link, name, listener }
          subscriptions.add(subscription)
          if (name === 'showPage' && shown !== null) queueMicrotask(() => listener(encodePlainData(shown)))
          return () => void subscriptions.delete(subscription)
        },
        reportFault: (text) => void faults.push(text),
        onTime: () => {},
        isInFront: true,
        onFront: () => {},
        bringToFront() {
          for (const other of links) other.isInFront = other === link
        },
      }
      for (const other of links) other.isInFront = false
      links.add(link)
      return link
    },
    removeLink(link) {
      links.delete(link)
      const last = [...links].at(-1)
      if (link.isInFront && last !== undefined) {
        last.isInFront = true
        last.onFront()
      }
      for (const each of subscriptions) if (each.link === link) subscriptions.delete(each)
    },
    setNowMs(ms) {
      nowMs = ms
      for (const link of links) link.onTime()
    },
    async deliverEvents() {
      for (;;) {
        const events = await scene.eventsAfter(lastDelivered)
        if (events === null) return
        events.forEach(takeEvent)
      }
    },
    delivered: (number) =>
      waitUntil(
        () => `event ${number}`,
        () => lastDelivered >= number,
      ).then(() => undefined),
  }
}
