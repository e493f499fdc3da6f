import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Intent, type IntentAction, isOpen } from '../../../src/core/intents/intent'
import { parseIntent } from '../../../src/core/intents/parse-intent'
import { type HeldApi, openHeldApi } from './held-api'
import { startKeyring } from './keyring'
import { actionsSent, openScene, type Scene } from './scene'
import { until } from './waiting'

/** The app, a Runpod and the wire between them, for pulling the plug. */
export interface CrashRig {
  readonly scene: Scene
  readonly wire: HeldApi
  /** Asks for it as a window does; a terminate is only asked about. Throws when it is not taken. */
  ask(action: IntentAction, podId: string): Promise<void>
  /** Answers yes, as a person does: in the window that asks. */
  confirmTerminate(podId: string): Promise<void>
  /** The states of this pod's intents on disk, oldest first. */
  intentsOf(podId: string): readonly Intent[]
  /** How often Runpod was asked for it. */
  requests(action: IntentAction, podId: string): number
  /** Whether the pod is as the action leaves it. */
  isDone(action: IntentAction, podId: string): boolean
  /** Whether the activity log says that somebody confirmed its end. */
  isConfirmed(podId: string): boolean
  showsPods(podIds: readonly string[]): Promise<void>
  /** SIGKILL, and a new start with deadlines that a test can wait for. */
  crashAndRestart(): Promise<void>
  /** Waits until no action of these pods is open any more. */
  settled(podIds: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** Before the crash deadlines are long, so that nothing comes to its end before the plug is pulled. */
const SHORT = {
  undoS: 1,
  stopDeadlineS: 5,
  restartDeadlineS: 5,
  terminateDeadlineS: 5,
  startDeadlineMin: 0.1,
}
const LONG = {
  undoS: 1,
  stopDeadlineS: 120,
  restartDeadlineS: 180,
  terminateDeadlineS: 120,
  startDeadlineMin: 15,
}

export async function openCrashRig(): Promise<CrashRig> {
  const endKeyring = await startKeyring()
  let wire: HeldApi | undefined
  const scene = await openScene({
    settings: LONG,
    wire: async (url) => {
      wire = await openHeldApi(url)
      return wire.url
    },
  })
  if (wire === undefined) throw new Error('there is no wire')
  const api = wire
  await scene.pasteKey()
  await until('the connection', () =>
    scene.page.evaluate<boolean>(
      "window.app.snapshot().then(({ value }) => value.connection.kind === 'live')",
    ),
  )

  const path = (file: string): string => join(scene.running.dataDir, file)

  function intentsOf(podId: string): readonly Intent[] {
    return readFileSync(path('intents.jsonl'), 'utf8')
      .split('\n')
      .map((line) => parseIntent(line.endsWith('}') ? JSON.parse(line) : null))
      .filter((intent) => intent?.podId === podId)
      .filter((intent) => intent !== null)
  }

  async function ask(action: IntentAction, podId: string): Promise<void> {
    const request = { start: 'startPod', stop: 'stopPod', restart: 'restartPod', terminate: 'askTerminate' }[
      action
    ]
    await until(`the ${action} of ${podId} to be taken`, async () => {
      const asked: unknown = await scene.page.evaluate(`window.app.${request}('${podId}')`)
      return (asked as { ok: boolean }).ok
    })
  }

  const change = (settings: Record<string, number>): void => {
    const config = JSON.parse(readFileSync(path('config.json'), 'utf8')) as { settings: object }
    writeFileSync(
      path('config.json'),
      JSON.stringify({ ...config, settings: { ...config.settings, ...settings } }),
    )
  }

  return {
    scene,
    wire: api,
    ask,
    intentsOf,

    async confirmTerminate(podId) {
      await ask('terminate', podId)
      await until(`the yes to the question about ${podId}`, async () => {
        const page = await scene.running.confirmWindow()
        // A window that was answered a moment ago is on its way out.
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

    showsPods: async (podIds) => {
      await until('the pods', () =>
        scene.page.evaluate<boolean>(`window.app.snapshot().then(({ value }) =>
          ${JSON.stringify(podIds)}.every((id) => value.pods.some((pod) => pod.id === id)))`),
      )
    },

    async crashAndRestart() {
      await scene.running.kill9()
      api.forget()
      change(SHORT)
      await scene.crashAndRestart()
    },

    async settled(podIds) {
      const isSettled = (podId: string): boolean => {
        const intent = intentsOf(podId).at(-1)
        return intent === undefined || !isOpen(intent)
      }
      await until('every action to come to its end', () => podIds.every(isSettled), 45_000)
      for (const [name, value] of Object.entries(LONG))
        await scene.page.evaluate(`window.app.changeSetting('${name}', ${value})`)
    },

    async close() {
      await scene.close()
      await api.close()
      await endKeyring()
    },
  }
}
