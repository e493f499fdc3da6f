import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { answerQuestion, confirmWindows, questionTitled } from '../harness/app/act/questions'
import {
  accountIdOf,
  openPalette,
  openScene,
  podKeyIn,
  type Scene,
  screenshot,
} from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * The Volumes page and edits of pods, by mouse and by keyboard, beside a page that is someone else's. These tests
 * share an app, in this order.
 */

const HOSTILE = `<b>big</b>\u202e=1+1 ${'x'.repeat(300)}`

let scene: Scene
let page: Page

beforeAll(async () => {
  scene = await openScene({
    pods: [
      {
        id: 'a',
        name: 'trainer',
        mode: 'training',
        persistent: { sizeGb: 100, path: '/workspace' },
        ports: ['22/tcp', '8888/http'],
        env: { HF_TOKEN: 'hf_never_show_this', SEED: '1', WANDB: '{{ RUNPOD_SECRET_wandb }}' },
      },
      { id: 'b', name: 'mcmc-planck', mode: 'idle', network: { volumeId: 'vol-used', path: '/data' } },
    ],
    networkVolumes: [
      { id: 'vol-used', name: 'ckpt-store', sizeGb: 500 },
      { id: 'vol-old', name: 'scratch', sizeGb: 100, dataCenterId: 'EU-RO-1' },
      { id: 'vol-fast', name: HOSTILE, sizeGb: 50, type: 'HIGH_PERFORMANCE' },
    ],
  })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  page = await scene.running.mainWindow()
  await page.setViewportSize({ width: 1_180, height: 820 })
  await page.getByRole('navigation').getByRole('button', { name: 'Volumes' }).click()
  await page.getByRole('rowheader', { name: 'ckpt-store' }).waitFor()
})
afterAll(() => scene?.close())

const sent = (method: string) =>
  scene.runpod.requests.filter(
    (request) => request.method === method && request.path.startsWith('/v2/network-volumes'),
  ).length
const patches = () =>
  scene.runpod.requests.filter(({ method, path }) => method === 'PATCH' && path.includes('/pods/')).length
/** The balance is asked for by POST, at its own time. */
const writes = () =>
  scene.runpod.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/v2/')).length
const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) })

/** The volumes are read at their own time, too, so the button may be gone once they can be: it has the focus before. */
async function tryAgainOnceReadable({ runpod }: Scene): Promise<void> {
  await page.getByRole('button', { name: 'Try again' }).focus()
  runpod.clearFaults()
  await page.keyboard.press('Enter')
}

async function inspect(name: string): Promise<void> {
  for (const width of [360, 1_180, 2_000]) {
    await page.setViewportSize({ width, height: 820 })
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    const hidden = `[...document.querySelectorAll('.table-room')].map((e) => e.scrollWidth - e.clientWidth)`
    expect(((await page.evaluate(hidden)) as number[]).filter((pixels) => pixels > 0)).toEqual([])
    if (width !== 2_000) await screenshot(page, `${name}-${width}`)
  }
  await page.setViewportSize({ width: 1_180, height: 820 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await loadAxe(page)
    expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    await screenshot(page, `${name}-${colorScheme}`)
  }
}

/** The next question has the same title, so the window of this one has to be gone. */
async function confirm(title: RegExp, button: string): Promise<void> {
  await answerQuestion(scene.running, title, button)
  await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
}

const choose = async (name: string, item: string): Promise<void> => {
  await row(name)
    .getByRole('button', { name: /^More for/ })
    .click()
  await page.getByRole('menuitem', { name: item }).click()
}

describe('the Volumes page', () => {
  test('shows each volume with its price or that it is not known, its pods, and since when it is unused', async () => {
    // The volumes may be read before the pods.
    await expect.poll(() => row('ckpt-store').textContent()).toContain('500 GBUS-KS-2mcmc-planck$35.00')
    expect(await row('scratch').textContent()).toMatch(/100 GBEU-RO-1unused.*\$7\.00/)
    expect(await row('<b>big</b>').textContent()).toMatch(/50 GB.*unknown/)
    expect(await page.locator('tfoot').textContent()).toContain('at least $42.00')
    await inspect('volumes')
    await row('ckpt-store').getByRole('button', { name: 'mcmc-planck' }).click()
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toContain('mcmc-planck')
    await page.getByRole('navigation').getByRole('button', { name: 'Volumes' }).click()
  })

  test('keeps the list and says so when it can’t be read again', async () => {
    scene.runpod.fault({ kind: 'bad-request', path: '/v2/network-volumes', detail: 'closed for repairs' })
    await page.getByRole('navigation').getByRole('button', { name: 'Pods' }).click()
    await page.getByRole('navigation').getByRole('button', { name: 'Volumes' }).click()
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/list from \d.*closed for repairs/)
    expect(await row('scratch').count()).toBe(1)
    await inspect('volumes-stale')
    await tryAgainOnceReadable(scene)
    await page.getByRole('alert').waitFor({ state: 'detached' })
  })

  test('creates a volume once it was confirmed, by keyboard', async () => {
    await page.getByRole('button', { name: 'New volume' }).press('Enter')
    const create = page.getByRole('button', { name: 'Create volume…' })
    await page.getByText('GPUs in stock there').waitFor()
    expect(await create.isDisabled()).toBe(true)
    await page.keyboard.type('fresh')
    await page.keyboard.press('Tab')
    await page.getByLabel('Size').fill('9')
    expect(await page.textContent('.form')).toContain('from 10 to 4096')
    await page.getByLabel('Size').fill('20')
    expect(await page.textContent('.form')).toContain('$1.40 a month')
    await inspect('volumes-new')
    await page.getByLabel('Size').press('Enter')
    const question = await questionTitled(scene.running, 'Create the volume fresh?')
    await screenshot(question, 'questions/create-volume')
    expect(sent('POST')).toBe(0)
    await confirm(/^Create the volume/, 'Create volume')
    await row('fresh').waitFor()
    expect(sent('POST')).toBe(1)
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('grows a volume, and an answer that is lost is found out by reading', async () => {
    scene.runpod.fault({ kind: 'reset-after', method: 'PATCH', count: 1 })
    await choose('fresh', 'Grow…')
    await page.getByLabel('New size').fill('30')
    expect(await page.textContent('.form')).toContain('$2.10 a month instead of $1.40')
    await page.getByRole('button', { name: 'Grow volume…' }).click()
    // It is shown for as long as it takes to look again.
    await Promise.all([
      page.getByText('It is not known yet whether the network volume fresh').first().waitFor(),
      confirm(/^Grow fresh/, 'Grow volume'),
    ])
    await expect.poll(() => row('fresh').textContent()).toContain('30 GB')
    expect(sent('PATCH')).toBe(1)
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('shows the words of a refusal, and renames without a question', async () => {
    scene.runpod.fault({ kind: 'bad-request', method: 'PATCH', count: 1, detail: 'this name is taken' })
    await choose('fresh', 'Rename…')
    await page.getByLabel('New name').fill('cache')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByText('this name is taken').waitFor()
    await page.getByRole('button', { name: 'Rename' }).click()
    await row('cache').waitFor()
    expect(confirmWindows(scene.running)).toEqual([])
  })

  test('says what became of a change whose dialog was closed, and leaves another dialog open', async () => {
    scene.runpod.fault({
      kind: 'bad-request',
      method: 'POST',
      path: '/v2/network-volumes',
      count: 1,
      detail: 'too many volumes',
    })
    const before = sent('POST')
    await page.getByRole('button', { name: 'New volume' }).click()
    await page.getByText('GPUs in stock there').waitFor()
    await page.getByLabel('Name').fill('closed')
    await page.getByRole('button', { name: 'Create volume…' }).click()
    await questionTitled(scene.running, 'Create the volume closed?')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await choose('scratch', 'Rename…')
    await page.getByLabel('New name').waitFor()
    await confirm(/^Create the volume/, 'Create volume')
    await page.getByText('too many volumes').waitFor()
    expect(await page.getByLabel('New name').inputValue()).toBe('scratch')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(sent('POST')).toBe(before + 1)
  })

  test('deletes only by the typed name, and not what a pod has', async () => {
    await choose('ckpt-store', 'Delete…')
    await page.getByText('mcmc-planck has this volume attached').waitFor()
    await choose('cache', 'Delete…')
    const question = await questionTitled(scene.running, 'Delete the volume cache?')
    const remove = question.getByRole('button', { name: 'Delete cache' })
    for (const wrong of ['', 'Cache', 'scratch']) {
      await question.getByRole('textbox').fill(wrong)
      expect(await remove.isDisabled()).toBe(true)
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await question.emulateMedia({ colorScheme })
      await screenshot(question, `questions/delete-volume-${colorScheme}`)
    }
    expect(sent('DELETE')).toBe(0)
    await question.getByRole('textbox').fill('cache')
    await remove.click().catch(() => undefined)
    await row('cache').waitFor({ state: 'detached' })
    expect(sent('DELETE')).toBe(1)
  })

  test('can’t be made to spend or destroy anything by a page that isn’t ours', async () => {
    const accountId = await accountIdOf(page)
    const before = writes()
    const scratch = "{ id: 'vol-old', name: 'scratch', sizeGb: 100, dataCenterId: 'EU-RO-1' }"
    const change = (text: string) =>
      page.evaluate<{ ok: boolean; value?: { kind: string } | null }>(
        `window.app.changeVolume(${JSON.stringify(accountId)}, ${text})`,
      )
    // Refused at once: what is claimed isn't so.
    for (const text of [
      "{ kind: 'delete', volume: { id: 'vol-old', name: 'cache', sizeGb: 100, dataCenterId: 'EU-RO-1' } }",
      "{ kind: 'delete', volume: { id: 'vol-used', name: 'ckpt-store', sizeGb: 500, dataCenterId: 'US-KS-2' } }",
    ])
      expect(await change(text)).toMatchObject({ ok: true, value: { kind: 'refused' } })
    expect(await change(`{ kind: 'shrink', volume: ${scratch} }`)).toMatchObject({ ok: false })
    const asked = change(`{ kind: 'delete', volume: ${scratch} }`)
    const question = await questionTitled(scene.running, 'Delete the volume scratch?')
    await question.keyboard.press('Escape').catch(() => undefined)
    expect(await asked).toEqual({ ok: true, value: null })
    const edited = page.evaluate(
      `window.app.editablePod('${await podKeyIn(page, 'a')}').then(({ value }) =>
        window.app.editPod('${await podKeyIn(page, 'a')}', { image: 'evil/image:1' }, value.configuration))`,
    )
    const restart = await questionTitled(scene.running, 'Change trainer and restart it?')
    expect(await restart.textContent('body')).toContain('evil/image:1')
    await restart.keyboard.press('Escape').catch(() => undefined)
    expect(await edited).toEqual({ ok: true, value: null })
    expect(writes()).toBe(before)
  })
})

test('an account without volumes says what they are for, and one whose list was never read says why', async () => {
  const other = await openScene({ pods: [{ id: 'a', name: 'trainer', mode: 'training' }] })
  const before = page
  try {
    other.runpod.fault({ kind: 'bad-request', path: '/v2/network-volumes', detail: 'closed for repairs' })
    await other.pasteKey()
    await other.page.evaluate("window.app.openWindow('pods')")
    page = await other.running.mainWindow()
    await page.getByRole('navigation').getByRole('button', { name: 'Volumes' }).click()
    await page.getByText('Couldn’t read the volumes: ').waitFor()
    await inspect('volumes-failed')
    await tryAgainOnceReadable(other)
    await page.getByRole('heading', { name: 'No network volumes' }).waitFor()
    await inspect('volumes-empty')
  } finally {
    page = before
    await other.close()
  }
})

describe('editing a pod', () => {
  const openEdit = async (): Promise<void> => {
    await openPalette(page)
    await page.keyboard.type('edit trainer')
    await page.getByRole('option', { name: 'Edit trainer…' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByLabel('Image').waitFor()
  }

  test('shows how it is set up without any value, and says line by line what is wrong', async () => {
    await openEdit()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByLabel('Ports').inputValue()).toBe('22/tcp\n8888/http')
    expect(await dialog.textContent()).toContain('HF_TOKENvalue hidden')
    expect(await dialog.textContent()).toContain('WANDBsecret wandb')
    expect(await page.content()).not.toContain('hf_never_show_this')
    await dialog.getByLabel('Ports').fill('22/tcp\n99999/http')
    await dialog.getByLabel('Add or replace variables').fill('A=1\nnonsense')
    expect(await dialog.textContent()).toContain('Line 2: Enter ports as a number')
    expect(await dialog.textContent()).toContain('Line 2: Enter variables as NAME=value.')
    await dialog.getByLabel('Ports').fill('22/tcp\n8888/http\n6006/http')
    await dialog.getByLabel('Add or replace variables').fill('EPOCHS=3')
    await dialog.getByRole('button', { name: 'Remove SEED' }).click()
    expect(await dialog.textContent()).toContain('Everything outside /workspace is wiped.')
    await inspect('edit')
  })

  test('restarts it once that was confirmed, and keeps the variables that were not changed', async () => {
    await page.getByRole('button', { name: 'Change and restart…' }).click()
    const question = await questionTitled(scene.running, 'Change trainer and restart it?')
    const text = await question.textContent('body')
    for (const words of [
      'Variables set: EPOCHS',
      'Variables removed: SEED',
      'Wipes everything outside /workspace',
    ])
      expect(text).toContain(words)
    await screenshot(question, 'questions/edit-pod')
    expect(patches()).toBe(0)
    await confirm(/^Change trainer/, 'Change and restart')
    await page.getByText('trainer was changed.').waitFor()
    expect(patches()).toBe(1)
    const { env, ports } = scene.runpod.pod('a')
    expect(env).toMatchObject({
      HF_TOKEN: 'hf_never_show_this',
      EPOCHS: '3',
      WANDB: '{{ RUNPOD_SECRET_wandb }}',
    })
    expect(env).not.toHaveProperty('SEED')
    expect(ports).toContain('6006/http')
  })

  test('shows a server’s refusal at its field', async () => {
    await openEdit()
    scene.runpod.fault({ kind: 'unprocessable', method: 'PATCH', count: 1 })
    await page.getByLabel('Image').fill('example/none:1')
    await page.getByRole('button', { name: 'Change and restart…' }).click()
    await confirm(/^Change trainer/, 'Change and restart')
    const field = page.locator('.form-field', { has: page.getByLabel('Image') })
    await expect.poll(() => field.textContent()).toContain('$.image: is not valid')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(patches()).toBe(2)
  })

  test('locks and renames it at once; a locked pod can’t be stopped, and shows that', async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'Pods' }).click()
    await page.getByRole('button', { name: 'More for trainer' }).click()
    await page.getByRole('menuitem', { name: 'Lock', exact: true }).click()
    await page.getByText('trainer was locked.').waitFor()
    const card = page.getByRole('article').filter({ hasText: 'trainer' })
    await card.getByText('locked, can’t be stopped').waitFor()
    expect(await card.getByRole('button', { name: /^Stop/ }).count()).toBe(0)
    await screenshot(page, 'edit-locked')
    await page.getByRole('button', { name: 'More for trainer' }).click()
    await page.getByRole('menuitem', { name: 'Unlock' }).waitFor()
    expect(await page.getByRole('menuitem', { name: 'Terminate…' }).count()).toBe(0)
    await page.getByRole('menuitem', { name: 'Unlock' }).click()
    await card.getByRole('button', { name: /^Stop/ }).waitFor()
    expect(confirmWindows(scene.running)).toEqual([])
  })

  test('leaves a true record of everything, without a value', async () => {
    const readTexts = () =>
      page.evaluate<readonly string[]>(
        "window.app.auditPage(null, { kind: 'intent' }).then(({ value }) => value.entries.map(({ text }) => text))",
      )
    await expect.poll(readTexts).toContain('trainer was unlocked.')
    const texts = await readTexts()
    expect(texts).toContain('You requested to create the network volume fresh with 20 GB in US-KS-2.')
    expect(texts).toContain('The network volume fresh was grown to 30 GB.')
    expect(texts).toContain('The network volume cache was deleted.')
    expect(JSON.stringify(texts)).not.toMatch(/hf_never|EPOCHS=3/)
    expect(scene.running.output()).not.toContain('hf_never_show_this')
  })
})
