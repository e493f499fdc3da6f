import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { expectGoodLook } from '../harness/browser/expect-look'
import { type TestWindow, openWindow } from '../harness/browser/open-window'
import { openScene, podOf, type BrowserScene } from '../harness/browser/scene'
import { openVolumes, showPage, trainer } from '../harness/browser/volumes-scene'

/*
 * The Volumes page in a browser, without an app. How such a test is written:
 *
 * - `openScene` starts the app's own parts without Electron, over the simulator, and `openWindow` opens a real page of it
 *   in a frame. Each test has its own, which are closed after it.
 * - Locators find things as people and screen readers do: `window.getByRole('button', { name: 'Stop pod' })`. Actions
 *   wait for the element; `await expect.element(…)` waits for what is expected of it. A locator within `filter` is one of
 *   `page`.
 * - Time stands still: `await scene.advance(20 * MINUTE_MS)` lets it pass for the app, the simulator and the page.
 * - `scene.bridge` is `window.app`: it answers questions of the app's own window, and holds back replies and events.
 *   A test fails by itself on a breach of the contract, and on an error or a warning of the page.
 *
 * See `test/harness/browser`.
 */

describe('the Volumes page', () => {
  test('shows each volume with its price or that it is not known, its pods, and since when it is unused', async () => {
    const { window, row } = await openVolumes()
    await expect.element(row('ckpt-store')).toHaveTextContent('500 GBUS-KS-2mcmc-planck$35.00')
    await expect.element(row('scratch')).toHaveTextContent(/100 GBEU-RO-1unused.*\$7\.00/)
    await expect.element(row('<b>big</b>')).toHaveTextContent(/50 GB.*unknown/)
    expect(window.document.querySelector('tfoot')?.textContent).toContain('at least $42.00')
    await expectGoodLook(window)
    await row('ckpt-store').getByRole('button', { name: 'mcmc-planck' }).click()
    await expect.poll(() => window.document.activeElement?.textContent).toContain('mcmc-planck')
  })

  test('keeps the list and says so when it can’t be read again', async () => {
    const { scene, window, row } = await openVolumes()
    await scene.runpod.fault({
      kind: 'bad-request',
      path: '/v2/network-volumes',
      detail: 'closed for repairs',
    })
    await showPage(window, 'Pods')
    await showPage(window, 'Volumes')
    await expect.element(window.getByRole('alert')).toHaveTextContent(/list from \d.*closed for repairs/)
    await expect.element(row('scratch')).toBeVisible()
    await expectGoodLook(window)
    await scene.runpod.clearFaults()
    await window.getByRole('button', { name: 'Try again' }).click()
    await expect.element(window.getByRole('alert')).not.toBeInTheDocument()
  })

  test('creates a volume once it was confirmed, by keyboard', async () => {
    const { scene, window, row, sent } = await openVolumes()
    window.focusOn(window.getByRole('button', { name: 'New volume' }))
    await userEvent.keyboard('{Enter}')
    await expect.element(window.getByText('GPUs in stock there')).toBeVisible()
    const create = window.getByRole('button', { name: 'Create volume…', exact: true })
    await expect.element(create).toBeDisabled()
    // Its reason, for the eye and for screen readers.
    await expect.element(create).toHaveAccessibleDescription('Enter a name.')
    await expect.element(window.getByLabelText('Name')).toHaveFocus()
    await userEvent.keyboard('fresh{Tab}')
    await window.getByLabelText('Size').fill('9')
    await expect.element(window.getByRole('dialog')).toHaveTextContent('from 10 to 4096')
    await window.getByLabelText('Size').fill('20')
    await expect.element(window.getByRole('dialog')).toHaveTextContent('$1.40 a month')
    await expectGoodLook(window)
    window.focusOn(window.getByLabelText('Size'))
    await userEvent.keyboard('{Enter}')
    await scene.bridge.question('Create the volume fresh?')
    expect(await sent('POST')).toBe(0)
    await scene.bridge.answerQuestion('Create the volume fresh?', 'Create volume')
    await expect.element(row('fresh')).toBeVisible()
    expect(await sent('POST')).toBe(1)
    await expect.element(window.getByRole('dialog')).not.toBeInTheDocument()
    expect(await recordedTexts(scene)).toContain(
      'You requested to create the network volume fresh with 20 GB in US-KS-2.',
    )
  })

  test('grows a volume, and an answer that is lost is found out by reading', async () => {
    const { scene, window, row, choose, sent } = await openVolumes()
    await scene.runpod.fault({ kind: 'reset-after', method: 'PATCH', count: 1 })
    await choose('scratch', 'Grow…')
    await window.getByLabelText('New size').fill('130')
    await expect.element(window.getByRole('dialog')).toHaveTextContent('$9.10 a month instead of $7.00')
    await window.getByRole('button', { name: 'Grow volume…' }).click()
    await scene.bridge.answerQuestion(/^Grow scratch/, 'Grow volume')
    await expect
      .element(window.getByText('It is not known yet whether the network volume scratch').first())
      .toBeVisible()
    await scene.advance(30_000)
    await expect.element(row('scratch')).toHaveTextContent('130 GB')
    expect(await sent('PATCH')).toBe(1)
    await expect.element(window.getByRole('dialog')).not.toBeInTheDocument()
    expect(await recordedTexts(scene)).toContain('The network volume scratch was grown to 130 GB.')
  })

  test('shows the words of a refusal, and renames without a question', async () => {
    const { scene, window, row, choose } = await openVolumes()
    await scene.runpod.fault({ kind: 'bad-request', method: 'PATCH', count: 1, detail: 'this name is taken' })
    await choose('scratch', 'Rename…')
    await window.getByLabelText('New name').fill('cache')
    await window.getByRole('button', { name: 'Rename' }).click()
    await expect.element(window.getByText('this name is taken')).toBeVisible()
    await window.getByRole('button', { name: 'Rename' }).click()
    await expect.element(row('cache')).toBeVisible()
    expect(await scene.bridge.openQuestion()).toBeNull()
  })

  test('says what became of a change whose dialog was closed, and leaves another dialog open', async () => {
    const { scene, window, choose, sent } = await openVolumes()
    await scene.runpod.fault({
      kind: 'bad-request',
      method: 'POST',
      path: '/v2/network-volumes',
      count: 1,
      detail: 'too many volumes',
    })
    await window.getByRole('button', { name: 'New volume' }).click()
    await expect.element(window.getByText('GPUs in stock there')).toBeVisible()
    await window.getByLabelText('Name').fill('closed')
    await window.getByRole('button', { name: 'Create volume…' }).click()
    await scene.bridge.question('Create the volume closed?')
    await window.getByRole('button', { name: 'Cancel' }).click()
    await expect.element(window.getByRole('dialog')).not.toBeInTheDocument()
    await choose('scratch', 'Rename…')
    await expect.element(window.getByLabelText('New name')).toBeVisible()
    await scene.bridge.answerQuestion('Create the volume closed?', 'Create volume')
    await expect.element(window.getByText('too many volumes')).toBeInTheDocument()
    await expect.element(window.getByLabelText('New name')).toHaveValue('scratch')
    await window.getByRole('button', { name: 'Cancel' }).click()
    await expect.element(window.getByRole('dialog')).not.toBeInTheDocument()
    expect(await sent('POST')).toBe(1)
  })

  test('can’t be made to spend or destroy anything by a page that isn’t ours', async () => {
    const { scene } = await openVolumes()
    const { bridge } = scene
    const { accountId, key: podKey } = await podOf(scene, 'trainer')
    const before = await writesOf(scene)
    const scratch = { id: 'vol-old', name: 'scratch', sizeGb: 100, dataCenterId: 'EU-RO-1' }
    const used = { id: 'vol-used', name: 'ckpt-store', sizeGb: 500, dataCenterId: 'US-KS-2' }
    // Refused at once: what is claimed isn't so.
    for (const volume of [{ ...scratch, name: 'cache' }, used])
      expect(await bridge.request('changeVolume', accountId, { kind: 'delete', volume })).toMatchObject({
        ok: true,
        value: { kind: 'refused' },
      })
    expect(
      await bridge.request('changeVolume', accountId, { kind: 'shrink', volume: scratch }),
    ).toMatchObject({
      ok: false,
    })
    const asked = bridge.request('changeVolume', accountId, { kind: 'delete', volume: scratch })
    await bridge.answerQuestion('Delete the volume scratch?', 'Cancel')
    expect(await asked).toEqual({ ok: true, value: null })
    const { value } = (await bridge.request('editablePod', podKey)) as { value: { configuration: unknown } }
    const edited = bridge.request('editPod', podKey, { image: 'evil/image:1' }, value.configuration)
    const { lines } = await bridge.question('Change trainer and restart it?')
    expect(JSON.stringify(lines)).toContain('evil/image:1')
    await bridge.answerQuestion('Change trainer and restart it?', 'Cancel')
    expect(await edited).toEqual({ ok: true, value: null })
    expect(await writesOf(scene)).toBe(before)
  })

  test('deletes only by the typed name, and not what a pod has', async () => {
    const { scene, window, row, choose, sent } = await openVolumes()
    await choose('ckpt-store', 'Delete…')
    await expect.element(window.getByText('mcmc-planck has this volume attached')).toBeVisible()
    await choose('scratch', 'Delete…')
    await scene.bridge.question('Delete the volume scratch?')
    const question = await openWindow(scene, 'confirmation')
    const remove = question.getByRole('button', { name: 'Delete scratch' })
    for (const wrong of ['', 'Scratch', 'ckpt-store']) {
      await question.getByRole('textbox').fill(wrong)
      await expect.element(remove).toBeDisabled()
    }
    expect(await sent('DELETE')).toBe(0)
    await question.getByRole('textbox').fill('scratch')
    await remove.click()
    await expect.element(row('scratch')).not.toBeInTheDocument()
    expect(await sent('DELETE')).toBe(1)
    expect(await recordedTexts(scene)).toContain('The network volume scratch was deleted.')
  })
})

describe('an account', () => {
  test('without volumes says what they are for, and one whose list was never read says why', async () => {
    const { scene, window } = await openVolumes({
      pods: [{ id: 'a', name: 'trainer', mode: 'training' }],
      faults: [{ kind: 'bad-request', path: '/v2/network-volumes', detail: 'closed for repairs' }],
    })
    await expect.element(window.getByText('Couldn’t read the volumes: ')).toBeVisible()
    await expectGoodLook(window)
    await scene.runpod.clearFaults()
    await window.getByRole('button', { name: 'Try again' }).click()
    await expect.element(window.getByRole('heading', { name: 'No network volumes' })).toBeVisible()
    await expectGoodLook(window)
  })
})

describe('editing a pod', () => {
  async function openEdit(): Promise<{
    scene: BrowserScene
    window: TestWindow
    patches: () => Promise<number>
  }> {
    const scene = await openScene({ pods: [trainer] })
    const window = await openWindow(scene)
    await expect.element(window.getByRole('heading', { name: 'trainer' })).toBeVisible()
    await userEvent.keyboard('{Control>}k{/Control}')
    await expect.element(window.getByCss('.palette-field input')).toHaveFocus()
    await userEvent.keyboard('edit trainer')
    await expect.element(window.getByRole('option', { name: 'Edit trainer…' })).toBeVisible()
    await userEvent.keyboard('{Enter}')
    await expect.element(window.getByLabelText('Image')).toBeVisible()
    return {
      scene,
      window,
      patches: async () =>
        (await scene.runpod.requests()).filter(
          ({ method, path }) => method === 'PATCH' && path.includes('/pods/'),
        ).length,
    }
  }

  test('shows how it is set up without any value, and says line by line what is wrong', async () => {
    const { window } = await openEdit()
    const dialog = window.getByRole('dialog')
    await expect.element(dialog.getByLabelText('Ports')).toHaveValue('22/tcp\n8888/http')
    await expect.element(dialog).toHaveTextContent('HF_TOKENvalue hidden')
    await expect.element(dialog).toHaveTextContent('WANDBsecret wandb')
    expect(window.document.documentElement.outerHTML).not.toContain('hf_never_show_this')
    const save = dialog.getByRole('button', { name: 'Save', exact: true })
    await expect.element(save).toHaveAccessibleDescription('Nothing was changed yet')
    await dialog.getByLabelText('Ports').fill('22/tcp\n99999/http')
    await dialog.getByLabelText('Add or replace variables').fill('A=1\nnonsense')
    await expect.element(dialog).toHaveTextContent('Line 2: Enter ports as a number')
    await expect.element(dialog).toHaveTextContent('Line 2: Enter variables as NAME=value.')
    await dialog.getByLabelText('Ports').fill('22/tcp\n8888/http\n6006/http')
    await dialog.getByLabelText('Add or replace variables').fill('EPOCHS=3')
    await dialog.getByRole('button', { name: 'Remove SEED' }).click()
    await expect.element(dialog).toHaveTextContent('Everything outside /workspace is wiped.')
    await expectGoodLook(window)
  })

  test('restarts it once that was confirmed, and keeps the variables that were not changed', async () => {
    const { scene, window, patches } = await openEdit()
    const dialog = window.getByRole('dialog')
    await dialog.getByLabelText('Ports').fill('22/tcp\n8888/http\n6006/http')
    await dialog.getByLabelText('Add or replace variables').fill('EPOCHS=3')
    await dialog.getByRole('button', { name: 'Remove SEED' }).click()
    await window.getByRole('button', { name: 'Change and restart…' }).click()
    const { lines } = await scene.bridge.question('Change trainer and restart it?')
    const text = JSON.stringify(lines)
    for (const words of [
      'Variables set: EPOCHS',
      'Variables removed: SEED',
      'Wipes everything outside /workspace',
    ])
      expect(text).toContain(words)
    expect(await patches()).toBe(0)
    await scene.bridge.answerQuestion(/^Change trainer/, 'Change and restart')
    await expect.element(window.getByText('trainer was changed.')).toBeInTheDocument()
    expect(await patches()).toBe(1)
    const { env, ports } = await scene.runpod.pod('a')
    expect(env).toMatchObject({
      HF_TOKEN: 'hf_never_show_this',
      EPOCHS: '3',
      WANDB: '{{ RUNPOD_SECRET_wandb }}',
    })
    expect(env).not.toHaveProperty('SEED')
    expect(ports).toContain('6006/http')
    const { logLines } = await scene.host()
    expect(logLines.join('\n')).not.toContain('hf_never_show_this')
    expect(JSON.stringify(await scene.bridge.request('auditPage', null, { kind: 'intent' }))).not.toMatch(
      /hf_never|EPOCHS=3/,
    )
  })

  test('shows a server’s refusal at its field', async () => {
    const { scene, window, patches } = await openEdit()
    await scene.runpod.fault({ kind: 'unprocessable', method: 'PATCH', count: 1 })
    await window.getByLabelText('Image').fill('example/none:1')
    await window.getByRole('button', { name: 'Change and restart…' }).click()
    await scene.bridge.answerQuestion(/^Change trainer/, 'Change and restart')
    await expect
      .element(window.getByLabelText('Image'))
      .toHaveAccessibleDescription(expect.stringContaining('$.image: is not valid'))
    await userEvent.keyboard('{Escape}')
    await expect.element(window.getByRole('dialog')).not.toBeInTheDocument()
    expect(await patches()).toBe(1)
  })

  test('locks and renames it at once; a locked pod can’t be stopped, and shows that', async () => {
    const scene = await openScene({ pods: [trainer] })
    const window = await openWindow(scene)
    await window.getByRole('button', { name: 'Actions of trainer' }).click()
    await window.getByRole('menuitem', { name: 'Lock', exact: true }).click()
    await expect.element(window.getByText('trainer was locked.')).toBeInTheDocument()
    const card = window.getByRole('article').filter({ hasText: 'trainer' })
    await expect.element(card.getByText('locked, can’t be stopped')).toBeVisible()
    await expect.element(card.getByRole('button', { name: /^Stop/ })).not.toBeInTheDocument()
    await window.getByRole('button', { name: 'Actions of trainer' }).click()
    await expect.element(window.getByRole('menuitem', { name: 'Unlock' })).toBeVisible()
    await expect.element(window.getByRole('menuitem', { name: 'Terminate…' })).not.toBeInTheDocument()
    await window.getByRole('menuitem', { name: 'Unlock' }).click()
    await expect.element(card.getByRole('button', { name: /^Stop/ })).toBeVisible()
    expect(await scene.bridge.openQuestion()).toBeNull()
    await expect.poll(() => recordedTexts(scene)).toContain('trainer was unlocked.')
  })
})

/** Of actions in the activity log. */
async function recordedTexts(scene: BrowserScene): Promise<readonly string[]> {
  const page = await scene.bridge.request('auditPage', null, { kind: 'intent' })
  if (!page.ok) throw new Error(page.error.message)
  return (page.value as { entries: readonly { text: string }[] }).entries.map(({ text }) => text)
}

/** Requests that change something. */
const writesOf = async (scene: BrowserScene): Promise<number> =>
  (await scene.runpod.requests()).filter(({ method, path }) => method !== 'GET' && path.startsWith('/v2/'))
    .length
