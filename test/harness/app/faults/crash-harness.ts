import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Intent, type IntentAction, isOpen } from '../../../../src/core/intents/intent'
import { type CreateIntent, parseCreate } from '../../../../src/core/creation/create-intent'
import { parseIntent } from '../../../../src/core/intents/parse-intent'
import { type HoldingProxy, openHoldingProxy } from './holding-proxy'
import { startKeyring } from '../desktop/keyring'
import { podForm } from '../../samples/pod-forms'
import { answerQuestion } from '../act/questions'
import { podKeyOf } from '../../../../src/core/pods/pod'
import { accountIdOf, actionsSent, openScene, type Scene } from '../start/scene'
import { waitUntil } from '../act/wait-until'

interface ActionRequest {
  readonly action: IntentAction
  readonly podId: string
}

/** The app and a simulated Runpod with a proxy in between, for tests that kill the app. */
export interface CrashHarness {
  readonly scene: Scene
  readonly proxy: HoldingProxy
  /**
   * Requests actions as a window does, all at once; a terminate only opens the confirmation. Throws if one is rejected.
   */
  requestActions(requests: readonly ActionRequest[]): Promise<void>
  /** Has a window ask for a pod of this name. Nothing is sent until that is confirmed. */
  requestCreate(name: string): Promise<void>
  confirmCreate(name: string): Promise<void>
  /** The states of the creates of this name on disk, oldest first. */
  createsOf(name: string): readonly CreateIntent[]
  /** Confirms as a user does, in the confirmation window. */
  confirmTerminate(podId: string): Promise<void>
  /** The states of this pod's intents on disk, oldest first. */
  intentsOf(podId: string): readonly Intent[]
  /** The number of requests for this action that Runpod received. */
  requests(action: IntentAction, podId: string): number
  /** Whether the pod is in the state that the action leads to. */
  isDone(action: IntentAction, podId: string): boolean
  /** Whether the audit log says that someone confirmed the termination. */
  isConfirmed(podId: string): boolean
  waitForPods(podIds: readonly string[]): Promise<void>
  /** Kills the app (SIGKILL) and restarts it. */
  crashAndRestart(): Promise<void>
  /**
   * Waits until no action of these pods is pending, with deadlines short enough for a test: what is sent meanwhile has
   * to be observed within these.
   */
  waitUntilSettled(podIds: readonly string[]): Promise<void>
  close(): Promise<void>
}

const SHORT = {
  stopDeadlineS: 15,
  restartDeadlineS: 15,
  terminateDeadlineS: 15,
  startDeadlineMin: 0.25,
}
/** No action ends because of these before the app is killed. */
const LONG = {
  stopDeadlineS: 120,
  restartDeadlineS: 180,
  terminateDeadlineS: 120,
  startDeadlineMin: 15,
}

const parseIntents = (text: string): readonly Intent[] =>
  text
    .split('\n')
    .map((line) => parseIntent(line.endsWith('}') ? JSON.parse(line) : null))
    .filter((intent) => intent !== null)

export async function openCrashHarness(): Promise<CrashHarness> {
  const endKeyring = await startKeyring()
  let proxy: HoldingProxy | undefined
  const scene = await openScene({
    settings: { undoS: 1, ...LONG },
    wire: async (url) => {
      proxy = await openHoldingProxy(url)
      return proxy.url
    },
  })
  if (proxy === undefined) throw new Error('there is no wire')
  const holdingProxy = proxy
  await scene.pasteKey()
  await waitUntil('the connection', () =>
    scene.page.evaluate<boolean>(
      "window.app.snapshot().then(({ value }) => value.connection.kind === 'live')",
    ),
  )

  // Windows that nobody looks at need not draw a hundred pods at every poll.
  const hideWindows = (): Promise<void> =>
    scene.running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().forEach((window) => window.hide()),
    )
  await hideWindows()

  const path = (file: string): string => join(scene.running.dataDir, file)

  let read: { readonly text: string; readonly intents: readonly Intent[] } | null = null

  /** Parsed once for all pods that are asked about between two changes of the file. */
  function intentsOf(podId: string): readonly Intent[] {
    const text = readFileSync(path('intents.jsonl'), 'utf8')
    if (read?.text !== text) read = { text, intents: parseIntents(text) }
    return read.intents.filter((intent) => intent.podId === podId)
  }

  async function requestActions(requests: readonly ActionRequest[]): Promise<void> {
    const account = await accountIdOf(scene.page)
    let left = requests
    const calls = (): string =>
      left
        .map(({ action, podId }) => {
          const key = podKeyOf(account, podId)
          return action === 'terminate' ? `confirmTerminate('${key}')` : `act('${key}', '${action}')`
        })
        .map((call) => `window.app.${call}`)
        .join(', ')
    await waitUntil(`${requests.length} actions to be taken`, async () => {
      const answers = await scene.page.evaluate<{ ok: boolean }[]>(`Promise.all([${calls()}])`)
      left = left.filter((_, index) => answers[index]?.ok !== true)
      return left.length === 0
    })
  }

  async function changeSettings(settings: Readonly<Record<string, number>>): Promise<void> {
    for (const [name, value] of Object.entries(settings)) {
      const answer = await scene.page.evaluate<{ ok: boolean }>(
        `window.app.changeSetting('${name}', ${value})`,
      )
      if (!answer.ok) throw new Error(`${name} was not changed: ${JSON.stringify(answer)}`)
    }
  }

  return {
    scene,
    proxy: holdingProxy,
    requestActions,
    intentsOf,

    async requestCreate(name) {
      const account = await accountIdOf(scene.page)
      const form = podForm({ name, gpuTypeIds: ['NVIDIA L40S'] })
      // Not awaited by the page, because the question stays open.
      await scene.page.evaluate(
        `void window.app.createPod('${account}', ${JSON.stringify(form)}, null, null, 'draft-of-${name}')`,
      )
    },

    confirmCreate: (name) => answerQuestion(scene.running, `Create ${name}?`, 'Create pod'),

    createsOf: (name) =>
      readFileSync(path('creates.jsonl'), 'utf8')
        .split('\n')
        .map((line) => parseCreate(line.endsWith('}') ? JSON.parse(line) : null))
        .filter((create) => create !== null)
        .filter((create) => create.plan.name === name),

    async confirmTerminate(podId) {
      await requestActions([{ action: 'terminate', podId }])
      await waitUntil(`the yes to the question about ${podId}`, async () => {
        const page = await scene.running.confirmWindow()
        // A window that was answered a moment ago may still be closing.
        const answered = await page
          .evaluate<{ kind: string } | null>(
            `window.confirmation.confirmation().then(({ value }) => value?.title === 'Terminate ${podId}?'
              ? window.confirmation.answerConfirmation(value.token, '${podId}').then((answer) => answer.value)
              : null)`,
          )
          .catch(() => null)
        return answered?.kind === 'done' || intentsOf(podId).length > 0
      })
    },

    requests: (action, podId) => actionsSent(scene).filter((sent) => sent === `${action} ${podId}`).length,

    isDone(action, podId) {
      const isThere = scene.runpod.runningPodIds().includes(podId)
      if (action === 'start') return isThere
      if (action !== 'restart') return !isThere
      const { runtime } = scene.runpod.pod(podId) as { runtime: { uptime: number } | null }
      return (runtime?.uptime ?? 0) < 1_000
    },

    isConfirmed(podId) {
      const lines = readdirSync(path('activity')).flatMap((file) =>
        readFileSync(path(join('activity', file)), 'utf8').split('\n'),
      )
      return lines.some((line) => line.includes(`"podId":"${podId}"`) && line.includes('terminate confirmed'))
    },

    waitForPods: async (podIds) => {
      await waitUntil('the pods', () =>
        scene.page.evaluate<boolean>(`window.app.snapshot().then(({ value }) =>
          ${JSON.stringify(podIds)}.every((id) => value.pods.some((pod) => pod.id === id)))`),
      )
    },

    async crashAndRestart() {
      await scene.running.kill9()
      holdingProxy.dropAll()
      await scene.crashAndRestart()
      await hideWindows()
    },

    async waitUntilSettled(podIds) {
      const isSettled = (podId: string): boolean => {
        const intent = intentsOf(podId).at(-1)
        return intent === undefined || !isOpen(intent)
      }
      await changeSettings(SHORT)
      await waitUntil('every action to come to its end', () => podIds.every(isSettled)).catch(
        (cause: unknown) => {
          const open = podIds.filter((podId) => !isSettled(podId)).map((podId) => intentsOf(podId).at(-1))
          throw new Error(`These are open: ${JSON.stringify(open)}`, { cause })
        },
      )
      await changeSettings(LONG)
    },

    async close() {
      await scene.close()
      await holdingProxy.close()
      await endKeyring()
    },
  }
}
