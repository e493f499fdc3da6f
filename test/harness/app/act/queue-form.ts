import { basename } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { JobSpec } from '../../../../src/core/queue/jobs/job-spec'
import { draftOf, jobSpec } from '../../samples/job-spec'
import { axeFaults, loadAxe } from '../look/axe'
import type { RunningApp } from '../start/launch'
import { confirmByKeyboard, confirmWindows, questionTitled } from './questions'
import { screenshot } from '../start/scene'
import { waitUntil } from './wait-until'

/** Pictures in both themes, in which axe-core finds nothing. */
export async function look(window: Page, name: string): Promise<void> {
  await loadAxe(window)
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme })
    expect(await axeFaults(window, colorScheme === 'light' ? 'all' : 'contrast'), name).toEqual([])
    await screenshot(window, `queue/${name}-${colorScheme}`)
  }
}

export interface TypedJob {
  readonly name: string
  readonly command: string
  readonly results?: string
  /** Those that the system's dialog returns. */
  readonly files?: readonly string[]
}

/** Adds a job with the form, which the app's own window confirms. */
export async function addQueueJob(
  running: RunningApp,
  page: Page,
  { name, command, results: globs = '', files = [] }: TypedJob,
): Promise<void> {
  await page.locator('main').focus()
  await page.keyboard.press('n')
  // The form is loaded when it is first opened, and has the focus a moment after it is shown.
  const field = page.getByRole('dialog').getByLabel('Name', { exact: true })
  await field.and(page.locator(':focus')).waitFor()
  await page.keyboard.type(name)
  await page.keyboard.press('Tab')
  await page.keyboard.insertText(command)
  if (files.length > 0) {
    const part = page.getByRole('group', { name: 'Files to upload' })
    await part.getByRole('button', { name: 'Choose files…' }).press('Enter')
    await part
      .getByText(files.map((path) => basename(path)).join(', '), {
        exact: true,
      })
      .waitFor()
  }
  const last = page.getByLabel('Results to fetch')
  await last.focus()
  await page.keyboard.insertText(globs)
  await screenshot(page, `queue/form-${name}`)
  await last.press('Control+Enter')
  const question = await questionTitled(running, `Add the job ${name}?`)
  expect(await question.locator('pre').textContent()).toBe(command)
  for (const path of files) expect(await question.textContent('body')).toContain(`Sends ${path}`)
  await screenshot(question, `queue/question-${name}`)
  await confirmByKeyboard(question, 'Add job')
  await waitUntil('the question to be gone', () => confirmWindows(running).length === 0)
  await page
    .locator('tr[data-job]')
    .filter({ has: page.getByText(name, { exact: true }) })
    .waitFor()
  // It closes once the request is answered, which may be after its row is there.
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

/** Adds a job as the form does once it is filled in; the app's own window confirms it. */
export async function requestQueueJob(
  running: RunningApp,
  page: Page,
  spec: Partial<JobSpec>,
): Promise<void> {
  const draft = draftOf(jobSpec(spec))
  const answer = page.evaluate<{ ok: boolean }>(`window.app.addJob(${JSON.stringify(draft)}, null)`)
  await confirmByKeyboard(await questionTitled(running, `Add the job ${draft.spec.name}?`), 'Add job')
  expect((await answer).ok).toBe(true)
  await waitUntil('the question to be gone', () => confirmWindows(running).length === 0)
}
