import { expect } from 'vitest'
import { type Locator, page, userEvent } from 'vitest/browser'
import { draftOf, jobSpec } from '../samples/job-spec'
import type { JobView, QueueView } from '../../../src/core/queue/queue-view'
import type { Snapshot } from '../../../src/core/view/snapshot'
import { type TestWindow, openWindow } from './open-window'
import { openScene, type BrowserScene } from './scene'

const idlePod = {
  mode: 'idle',
  gpu: { id: 'NVIDIA H100 80GB HBM3', count: 1, vcpuCount: 8 },
  persistent: { sizeGb: 20, path: '/workspace' },
} as const

export interface JobOnForm {
  readonly name: string
  readonly command: string
  readonly results?: string
  readonly stops?: true
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface QueueScene {
  readonly scene: BrowserScene
  readonly window: TestWindow
  /** The row of a job. */
  readonly row: (name: string) => Locator
  readonly queue: () => Promise<QueueView>
  readonly job: (name: string) => Promise<JobView | undefined>
  /** Asks for something about a job as the page would. */
  readonly change: (
    request: 'changeJob' | 'moveJob' | 'editJob',
    name: string,
    what: unknown,
  ) => Promise<void>
  /** In the app, and in the window: keys and the mouse move rows as they are drawn. */
  readonly expectOrder: (...names: readonly string[]) => Promise<void>
  /** On the upper or lower half of a row. */
  readonly pointOn: (name: string, half: 'upper' | 'lower') => Point
  /** Presses the mouse button on a row and moves it there. `meanwhile` happens before it is let go. */
  readonly drag: (name: string, to: Point, meanwhile?: () => Promise<void>) => Promise<void>
  /** How many rows are marked as dragged, or as the place of a drop. */
  readonly dragMarks: () => number
}

/** The page of the queue with these jobs, over two idle pods that no job is started on. */
export async function openQueue(...names: readonly string[]): Promise<QueueScene> {
  const scene = await openScene({
    pods: [
      { id: 'a', name: 'alpha', ...idlePod },
      { id: 'b', name: 'beta', ...idlePod },
    ],
  })
  for (const name of names) await addJob(scene, name)
  const window = await openWindow(scene, 'main', { page: 'queue' })
  const row = (name: string) => window.getByRole('row').filter({ has: page.getByText(name, { exact: true }) })
  const rows = () => [...window.document.querySelectorAll<HTMLElement>('tr[data-job]')]
  const nameOf = (each: HTMLElement) => each.querySelector('th bdi')?.textContent
  const queue = async (): Promise<QueueView> => {
    const snapshot = await scene.bridge.request('snapshot')
    if (!snapshot.ok) throw new Error(snapshot.error.message)
    const { queue: view } = snapshot.value as Snapshot
    if (!view) throw new Error('There is no queue.')
    return view
  }
  const job = async (name: string) => (await queue()).jobs.find(({ spec }) => spec.name === name)
  const pointOn = (name: string, half: 'upper' | 'lower'): Point => {
    const found = rows().find((each) => nameOf(each) === name)
    if (found === undefined) throw new Error(`There is no job ${name}.`)
    const { x, y, width, height } = found.getBoundingClientRect()
    return { x: x + width / 3, y: y + height * (half === 'upper' ? 0.25 : 0.75) }
  }
  if (names[0] !== undefined) await expect.element(row(names[0])).toBeVisible()
  return {
    scene,
    window,
    row,
    queue,
    job,
    async change(request, name, what) {
      const id = (await job(name))?.id
      if (id === undefined) throw new Error(`There is no job ${name}.`)
      const answer = await scene.bridge.request(request, id, what)
      if (!answer.ok) throw new Error(answer.error.message)
    },
    async expectOrder(...order) {
      await expect.poll(async () => (await queue()).jobs.map(({ spec }) => spec.name)).toEqual(order)
      await expect.poll(() => rows().map(nameOf)).toEqual(order)
    },
    pointOn,
    async drag(name, to, meanwhile = async () => {}) {
      const from = pointOn(name, 'lower')
      await window.mouse(from, 'down', { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, to)
      await meanwhile()
      // A system tells of the pointer all the time, whether it moves or not.
      await window.mouse({ x: to.x + 1, y: to.y }, 'up')
    },
    dragMarks: () => window.document.querySelectorAll('.dragged, .drop-before, .drop-after').length,
  }
}

/** Adds a job as the form does; the app's own window confirms it. */
async function addJob({ bridge }: BrowserScene, name: string): Promise<void> {
  const answer = bridge.request('addJob', draftOf(jobSpec({ name, command: 'sleep 1' })), null)
  await bridge.answerQuestion(`Add the job ${name}?`, 'Add job')
  expect(await answer).toMatchObject({ ok: true })
}

/** Adds a job with the form, by keyboard, up to the question of the app's own window. */
export async function typeJob(
  window: TestWindow,
  { name, command, results = '', stops }: JobOnForm,
): Promise<void> {
  window.focusOn(window.getByRole('main'))
  await userEvent.keyboard('n')
  await expect.element(window.getByRole('dialog').getByLabelText('Name', { exact: true })).toHaveFocus()
  await userEvent.keyboard(`${name}{Tab}`)
  await userEvent.keyboard(command)
  if (stops === true) {
    window.focusOn(window.getByRole('button', { name: /After success/ }))
    await userEvent.keyboard('{Enter}')
    await expect.element(window.getByRole('option', { name: 'Stop the pod' })).toBeVisible()
    window.focusOn(window.getByRole('option', { name: 'Stop the pod' }))
    await userEvent.keyboard('{Enter}')
  }
  window.focusOn(window.getByLabelText('Results to fetch'))
  if (results !== '') await userEvent.keyboard(results)
}
