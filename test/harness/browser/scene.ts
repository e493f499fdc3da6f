import { commands } from 'vitest/browser'
import type { PodView, Snapshot } from '../../../src/core/view/snapshot'
import type { Simulator } from '../../../src/simulator/simulator'
import { type TestBridge, type BridgeParts, createBridge } from './bridge'
import { decodePlainData, encodePlainData } from './plain-data-codec'
import type { HostRecord, SceneFunctions, BrowserSceneOptions } from './scene-contract'

/** The simulated Runpod of a scene, whose functions are called in Node. */
export type RemoteRunpod = {
  readonly [
    K in Exclude<keyof Simulator, 'requests' | 'close'> as Simulator[K] extends (...args: never[]) => unknown
      ? K
      : never
  ]: Simulator[K] extends (...args: infer Args) => infer R ? (...args: Args) => Promise<Awaited<R>> : never
} & { readonly requests: () => Promise<Simulator['requests']> }

/**
 * The app behind a window of a test: the real parts of `src/main` that need no Electron, over the simulator. Time stands
 * still in it, and in its windows, until the test lets it pass.
 */
export interface BrowserScene {
  readonly bridge: TestBridge
  readonly runpod: RemoteRunpod
  /** Lets time pass, for the app, the simulator and the windows. */
  readonly advance: (ms: number) => Promise<void>
  /** Waits until the app has done what it can without time passing, and the windows know of it. */
  readonly settle: () => Promise<void>
  /** What the app asked of the system. */
  readonly host: () => Promise<HostRecord>
  readonly setClipboard: (text: string) => Promise<void>
  readonly answerNextDialog: (paths: readonly string[] | null) => Promise<void>
  readonly writeToBot: (text: string) => Promise<void>
  readonly readTextFile: (path: string) => Promise<string>
  /** The data folder. */
  readonly folder: () => Promise<string>
  /** Happens automatically at the end of the test. */
  readonly close: () => Promise<void>
}

/** The parts that `openWindow` uses. */
export interface OpenScene extends BrowserScene {
  readonly bridge: BridgeParts
}

const openScenes = new Set<OpenScene>()

export async function openScene(options: BrowserSceneOptions = {}): Promise<BrowserScene> {
  const id = await callScene<string>(null, 'open', options)
  const functions = new Proxy({} as SceneFunctions, {
    get:
      (_, name) =>
      (...args: readonly unknown[]) =>
        callScene(id, String(name), ...args),
  })
  const bridge = createBridge(functions)
  bridge.setNowMs(await functions.nowMs())
  const events = bridge.deliverEvents().catch((cause: unknown) => {
    // It may have asked for more events when it was closed.
    if (openScenes.has(scene)) throw cause
  })
  const pass = async (lastEvent: number): Promise<void> => {
    await bridge.delivered(lastEvent)
    bridge.setNowMs(await functions.nowMs())
  }
  const scene: OpenScene = {
    bridge,
    runpod: new Proxy({} as RemoteRunpod, {
      get:
        (_, name) =>
        (...args: readonly unknown[]) =>
          functions.runpod(String(name) as keyof Simulator, args),
    }),
    advance: async (ms) => pass(await functions.advance(ms)),
    settle: async () => pass(await functions.settle()),
    host: functions.host,
    setClipboard: functions.setClipboard,
    answerNextDialog: functions.answerNextDialog,
    readTextFile: functions.readTextFile,
    writeToBot: functions.writeToBot,
    folder: functions.folder,
    async close() {
      if (!openScenes.delete(scene)) return
      await functions.close()
      await events
    },
  }
  openScenes.add(scene)
  return scene
}

/** Closes what the test opened; returns the faults. */
export async function closeScenes(): Promise<readonly string[]> {
  const scenes = [...openScenes]
  await Promise.all(scenes.map((scene) => scene.close()))
  return scenes.flatMap(({ bridge }) => bridge.faults)
}

async function callScene<T>(id: string | null, name: string, ...args: readonly unknown[]): Promise<T> {
  return decodePlainData(await commands.scene(encodePlainData([id, name, ...args]))) as T
}

/** A pod as windows know it. */
export async function podOf({ bridge }: BrowserScene, name: string): Promise<PodView> {
  const snapshot = await bridge.request('snapshot')
  const pods = snapshot.ok ? (snapshot.value as Snapshot).pods : []
  const pod = pods.find((each) => each.name === name)
  if (pod === undefined) throw new Error(`There is no pod ${name}.`)
  return pod
}
