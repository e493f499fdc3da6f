import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { confirmByKeyboard } from '../harness/browser/confirm-by-keyboard'
import { openWindow } from '../harness/browser/open-window'
import { openQueue, type QueueScene, typeJob } from '../harness/browser/queue-scene'
import { draftOf } from '../harness/samples/job-spec'
import { NOW_MS } from '../harness/samples/pod-views'
import { queueStates } from '../harness/app/states/queue-states'
import { openScene } from '../harness/browser/scene'

/* The Queue page by keyboard and by mouse. What runs on pods is tested in `test/e2e/queue-page.test.ts`. */

const FIVE = ['planck-1', 'planck-2', 'planck-3', 'planck-4', 'planck-5'] as const

describe('adding a job', () => {
  test('works by keyboard, once the app’s own window showed its whole command', async () => {
    const { scene, window, row } = await openQueue()
    const command = 'echo done > out.txt; sleep 12'
    await typeJob(window, { name: 'planck-1', command, results: 'out.txt' })
    expect(await window.axeFaults('all')).toEqual([])
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await scene.bridge.question('Add the job planck-1?')
    const question = await openWindow(scene, 'confirmation')
    await expect.element(question.getByRole('button', { name: 'Add job' })).toBeVisible()
    expect(question.document.querySelector('pre')?.textContent).toBe(command)
    for (const scheme of ['light', 'dark'] as const) {
      await question.setColorScheme(scheme)
      expect(await question.axeFaults('all')).toEqual([])
      expect(await window.axeFaults('contrast')).toEqual([])
    }
    await confirmByKeyboard(question, 'Add job')
    await expect.element(row('planck-1')).toBeVisible()
    await expect.element(window.getByRole('dialog')).not.toBeInTheDocument()
  })

  test('takes what happens after its success', async () => {
    const { scene, window, job } = await openQueue()
    await typeJob(window, { name: 'planck-3', command: 'sleep 1', stops: true })
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await scene.bridge.answerQuestion('Add the job planck-3?', 'Add job')
    await expect.poll(async () => (await job('planck-3'))?.spec.afterSuccess).toBe('stop')
  })

  test('says what is wrong where it was typed, and keeps what was typed when declined', async () => {
    const { scene, window, job } = await openQueue()
    window.focusOn(window.getByRole('main'))
    await userEvent.keyboard('n')
    await expect.element(window.getByRole('dialog').getByLabelText('Name', { exact: true })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(window.getByText('Enter a command.')).toBeVisible()
    await expect.poll(() => window.document.activeElement?.getAttribute('aria-invalid')).toBe('true')
    await userEvent.keyboard('declined')
    await window.getByLabelText('GPUs', { exact: true }).fill('many')
    await expect.element(window.getByText('Enter a whole number from 0 to 64.')).toBeVisible()
    await window.getByLabelText('GPUs', { exact: true }).fill('0')
    await window.getByLabelText('Command or script').fill(`true${'\n'.repeat(40)}rm -rf x`)
    window.focusOn(window.getByLabelText('Command or script'))
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await scene.bridge.question('Add the job declined?')
    const question = await openWindow(scene, 'confirmation')
    await expect.element(question.getByRole('button', { name: 'Cancel' })).toBeVisible()
    expect(question.document.querySelector('pre')?.textContent).toBe('true\n⟨39 empty lines⟩\nrm -rf x')
    await question.getByRole('button', { name: 'Cancel' }).click()
    question.close()
    await expect.element(window.getByLabelText('Name', { exact: true })).toHaveValue('declined')
    window.focusOn(window.getByLabelText('Name', { exact: true }))
    await userEvent.keyboard('{Escape}')
    expect(await job('declined')).toBeUndefined()
  })

  test('asks for a folder where a job needs one, which is chosen beside which variables are pasted', async () => {
    const { scene, window } = await openQueue()
    const part = (name: string) => window.getByRole('group', { name })
    await typeJob(window, { name: 'folder', command: 'true', results: 'out.txt', stops: true })
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.poll(() => window.document.activeElement?.ariaLabel).toBe('Folder for results')
    const folder = await scene.folder()
    await scene.setClipboard('SEED=7')
    await scene.answerNextDialog([folder])
    const held = scene.bridge.holdReply('chooseResultsFolder')
    await part('Folder for results').getByRole('button', { name: 'Choose folder…' }).click()
    await held.arrived()
    await part('Variables').getByRole('button', { name: 'Paste variables' }).click()
    await expect.element(part('Variables').getByText('SEED', { exact: true })).toBeVisible()
    held.release()
    await expect
      .element(
        part('Folder for results').getByText(folder.slice(folder.lastIndexOf('/') + 1), { exact: true }),
      )
      .toBeVisible()
    await expect.element(part('Variables').getByText('SEED', { exact: true })).toBeVisible()
  })
})

describe('the order', () => {
  test('is changed by keyboard, and a screen reader hears it', async () => {
    const { window, row, expectOrder } = await openQueue(...FIVE)
    await expectOrder(...FIVE)
    window.focusOn(row('planck-5'))
    await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}')
    await expect
      .element(window.getByRole('status').filter({ hasText: 'planck-5 is now 4 of 5.' }))
      .toBeInTheDocument()
    await expectOrder('planck-1', 'planck-2', 'planck-3', 'planck-5', 'planck-4')
    expect(window.document.activeElement?.textContent).toContain('planck-5')
    await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}')
    await expectOrder(...FIVE)
  })

  test('is changed by mouse, and a drop elsewhere changes nothing', async () => {
    const { window, expectOrder, drag, dragMarks, pointOn } = await openQueue(...FIVE)
    await expectOrder(...FIVE)
    await drag('planck-1', pointOn('planck-3', 'lower'), async () => {
      await expect.poll(dragMarks).toBe(2)
    })
    await expectOrder('planck-2', 'planck-3', 'planck-1', 'planck-4', 'planck-5')
    await drag('planck-1', pointOn('planck-2', 'upper'))
    await expectOrder(...FIVE)
    await expect.poll(dragMarks).toBe(0)
    const tools = window.document.querySelector('.queue-page .tools')!.getBoundingClientRect()
    await drag('planck-4', { x: tools.x + 40, y: tools.y + 10 }, async () => {
      await expect.poll(() => window.document.querySelectorAll('.drop-before, .drop-after').length).toBe(0)
    })
    await drag('planck-4', pointOn('planck-4', 'lower'))
    await expect.poll(dragMarks).toBe(0)
    await expectOrder(...FIVE)
  })

  test('is that of what is seen, although others come and go under the pointer', async () => {
    const { scene, row, job, change, expectOrder, drag, dragMarks, pointOn } = await openQueue(...FIVE)
    await expectOrder(...FIVE)
    const removed = [await job('planck-4'), await job('planck-2')]
    await drag('planck-5', pointOn('planck-3', 'upper'), async () => {
      await change('changeJob', 'planck-2', 'remove')
      await expect.element(row('planck-2')).not.toBeInTheDocument()
    })
    // The pointer is on the row that moved up.
    await expectOrder('planck-1', 'planck-3', 'planck-5', 'planck-4')
    await drag('planck-4', pointOn('planck-1', 'upper'), async () => {
      await change('changeJob', 'planck-4', 'remove')
      await expect.element(row('planck-4')).not.toBeInTheDocument()
    })
    await expectOrder('planck-1', 'planck-3', 'planck-5')
    expect(dragMarks()).toBe(0)
    for (const each of removed) await scene.bridge.request('changeJob', each?.id, 'restore')
    await expect.element(row('planck-2')).toBeVisible()
    expect(dragMarks()).toBe(0)
  })

  test('gives a dragged job the priority of the one that it is put before, and puts none behind a lower one', async () => {
    const opened = await openQueue(...FIVE)
    const { window, queue, job, expectOrder, drag, pointOn } = opened
    const names = async () => (await queue()).jobs.map(({ spec }) => spec.name)
    await setPriority(opened, 'planck-4', 'high')
    await expect.poll(async () => (await names())[0]).toBe('planck-4')
    const before = await names()
    await expectOrder(...before)
    await drag('planck-4', pointOn(before.at(-1)!, 'lower'))
    await expect
      .element(window.getByText('planck-4 stays where it is: jobs of a lower priority come after it.'))
      .toBeInTheDocument()
    expect(await names()).toEqual(before)
    await drag('planck-5', pointOn('planck-4', 'upper'))
    await expect.poll(async () => (await names()).slice(0, 2)).toEqual(['planck-5', 'planck-4'])
    expect((await job('planck-5'))?.spec.priority).toBe('high')
  })

  test('is as before once a removed job is brought back by its undo', async () => {
    const { window, row, expectOrder } = await openQueue(...FIVE)
    window.focusOn(row('planck-4').getByRole('button', { name: /^Actions of/ }))
    await userEvent.keyboard('{Enter}')
    await expect.element(window.getByRole('menuitem', { name: 'Remove' })).toBeVisible()
    window.focusOn(window.getByRole('menuitem', { name: 'Remove' }))
    await userEvent.keyboard('{Enter}')
    await expectOrder('planck-1', 'planck-2', 'planck-3', 'planck-5')
    window.focusOn(window.getByRole('button', { name: 'Undo: planck-4 removed' }))
    await userEvent.keyboard('{Enter}')
    await expectOrder(...FIVE)
  })
})

async function setPriority({ job, change }: QueueScene, name: string, priority: 'high' | 'normal') {
  const found = await job(name)
  if (found === undefined) throw new Error(`There is no job ${name}.`)
  await change('editJob', name, draftOf({ ...found.spec, priority }))
}

describe('states that take long to reach', () => {
  test.for(Object.entries(queueStates))('fit every width, in both themes: %s', async ([name, state]) => {
    const scene = await openScene({ isConnected: false, startsAtMs: NOW_MS })
    const window = await openWindow(scene, 'main', { page: 'queue' })
    scene.bridge.showSnapshot(state.snapshot)
    await expect.poll(() => window.document.querySelector('.queue-page :is(h2, .blank)')).not.toBeNull()
    expect(window.document.querySelectorAll('[data-job]').length).toBe(state.snapshot.queue?.jobs.length)
    for (const width of [400, 900, 1_180, 2_000]) {
      window.resize(width)
      await window.nextFrame()
      const main = window.document.querySelector('main')!
      const right = main.getBoundingClientRect().left + main.clientWidth + 8
      const parts = window.document.querySelectorAll('.queue-page :is(.tools, h2, table, article)')
      expect(
        [...parts]
          .filter((part) => part.getBoundingClientRect().right > right)
          .map(({ outerHTML }) => outerHTML),
        `at ${width}`,
      ).toEqual([])
      const filters = window
        .getByCss('.queue-page .tools')
        .getByRole(width < 640 ? 'button' : 'radiogroup', { name: /\bShow\b/ })
      if (name === 'empty') await expect.element(filters).not.toBeInTheDocument()
      else await expect.element(filters).toBeVisible()
    }
    window.resize(1_180)
    await window.nextFrame()
    expect(await window.axeFaults('all')).toEqual([])
    await window.setColorScheme('dark')
    expect(await window.axeFaults('contrast')).toEqual([])
  })
})
