import { expect } from 'vitest'
import type { Locator } from 'vitest/browser'
import type { QuestionView } from '../../../src/core/confirmation/question-queue'
import { type TestWindow, openWindow } from './open-window'
import { openScene, type BrowserScene } from './scene'
import type { BrowserSceneOptions } from './scene-contract'

export const H100 = 'NVIDIA H100 80GB HBM3'

export interface NewPodScene {
  readonly scene: BrowserScene
  /** The main window, at the form. */
  readonly window: TestWindow
  readonly button: (name: string | RegExp) => Locator
  /** A text field of the form. */
  readonly field: (name: string) => Locator
  /** The row of a GPU, found without the names of all rows, which take long to compute. */
  readonly gpu: (name: string) => Locator
  /** The messages about new pods. */
  readonly toasts: Locator
  /** Chooses GPUs, in this order, and fills in what a pod needs besides. */
  readonly fill: (name: string, gpus: readonly string[]) => Promise<void>
  /** Presses the button that creates the pod, agrees to the question, and returns it. */
  readonly create: (name: string) => Promise<QuestionView>
  /** How many creates were sent. */
  readonly creates: () => Promise<number>
}

/** The main window at the form of a new pod, where every GPU is free unless `conditions` say otherwise. */
export async function openNewPod(options: BrowserSceneOptions = {}): Promise<NewPodScene> {
  const scene = await openScene({ conditions: { stock: { '*': 'HIGH' } }, ...options })
  const window = await openWindow(scene, 'main', { page: 'new-pod' })
  const button = (name: string | RegExp) =>
    window.getByRole('button', { name, exact: typeof name === 'string' })
  const field = (name: string) => window.getByRole('textbox', { name, exact: true })
  const gpu = (name: string) => window.getByCss('.new-table tr').filter({ hasText: name })
  return {
    scene,
    window,
    button,
    field,
    gpu,
    toasts: window.getByRole('list', { name: 'New pods' }),
    async fill(name, gpus) {
      for (const each of gpus) await gpu(each).click()
      await field('Name').fill(name)
      await field('Image').fill('example/pytorch:2.8')
    },
    async create(name) {
      await button(/^Create (for|when free)/).click()
      const question = await scene.bridge.question(`Create ${name}?`)
      await scene.bridge.answerQuestion(`Create ${name}?`, 'Create pod')
      await expect.element(field('Name')).not.toBeInTheDocument()
      await scene.advance(2_000)
      return question
    },
    creates: async () =>
      (await scene.runpod.requests()).filter(({ method, path }) => method === 'POST' && path === '/v2/pods')
        .length,
  }
}
