import { decodePlainData, encodePlainData } from '../plain-data-codec'
import type { SceneFunctions, BrowserSceneOptions } from '../scene-contract'
import { openScene } from './open-scene'

/* The scenes of a run, which tests in the browser open, use and close by messages. */

const scenes = new Map<string, SceneFunctions>()
let opened = 0

/** Handles a message of the form `[sceneId, function, …arguments]`; `[null, 'open', options]` opens a scene. */
export async function handleSceneMessage(text: string): Promise<string> {
  const [id, name, ...args] = decodePlainData(text) as [string | null, string, ...unknown[]]
  return encodePlainData(await answer(id, name, args))
}

async function answer(id: string | null, name: string, args: readonly unknown[]): Promise<unknown> {
  if (id === null) {
    const scene = await openScene(args[0] as BrowserSceneOptions)
    const newId = `scene-${(opened += 1)}`
    scenes.set(newId, scene)
    return newId
  }
  const scene = scenes.get(id)
  if (scene === undefined) throw new Error('The scene is closed.')
  if (name === 'close') scenes.delete(id)
  return (scene as unknown as Record<string, (...given: readonly unknown[]) => unknown>)[name]?.(...args)
}
