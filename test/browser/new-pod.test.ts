import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { expectGoodLook } from '../harness/browser/expect-look'
import { openNewPod } from '../harness/browser/new-pod-scene'
import { openWindow } from '../harness/browser/open-window'
import { card } from '../harness/browser/pods-scene'

/* The form of a new pod. What its terminal needs is tested in `test/e2e/new-pod.test.ts`. */

const VALUE = 'wandb_very_secret_value_1234'

describe('the form of a new pod', () => {
  test('asks with all that is sent except values, and its pod has a card', async () => {
    const { scene, window, button, field, gpu, creates } = await openNewPod()
    const h100 = gpu('H100 SXM')
    await expect.element(h100).toBeVisible()
    await expectGoodLook(window)
    await gpu('A100 SXM').click()
    await h100.click()
    await button('More GPUs').click()
    await window.getByRole('button', { name: /Template/ }).click()
    await window
      .getByRole('option', { name: /PyTorch/ })
      .first()
      .click()
    await field('Environment').fill(`WANDB_API_KEY=${VALUE}`)
    await field('Maximum hours').fill('8')
    await expect.element(window.getByText('2 × A100 SXM').first()).toBeVisible()
    await expectGoodLook(window)
    await button(/^Create for/).click()
    await scene.bridge.question('Create a100-sxm?')
    const question = await openWindow(scene, 'confirmation')
    const yes = question.getByRole('button', { name: 'Create pod' })
    await expect.element(yes).toBeVisible()
    for (const text of ['2 × A100 SXM', 'Otherwise 2 × H100 SXM', 'Variables: WANDB_API_KEY'])
      expect(question.text()).toContain(text)
    expect(question.text()).not.toContain(VALUE)
    expect(await creates()).toBe(0)
    expect(question.overflow().page).toBe(0)
    expect(await question.axeFaults('all')).toEqual([])
    await question.setColorScheme('dark')
    expect(await question.axeFaults('contrast')).toEqual([])
    await yes.click()
    await expect.element(card(window, 'a100-sxm')).toBeVisible()
    await scene.advance(2_000)
    await expect.element(window.getByText('a100-sxm was created')).toBeInTheDocument()
    expect(await creates()).toBe(1)
    const folder = await scene.folder()
    const [journal, ...others] = await Promise.all(
      ['creates.jsonl', 'activity/000000000001.jsonl', 'config.json'].map((name) =>
        scene.readTextFile(`${folder}/${name}`),
      ),
    )
    expect(journal).toContain('WANDB_API_KEY')
    const { logLines } = await scene.host()
    expect([journal, ...others, ...logLines].join('\n')).not.toContain(VALUE)
  })

  test('shows what is typed wrongly with its line, and sends and asks nothing', async () => {
    const { scene, window, button, field, gpu, creates } = await openNewPod({
      pods: [{ id: 'a', name: 'trainer', mode: 'training' }],
    })
    await gpu('H200 SXM').click()
    await expect.element(window.getByRole('button', { name: /H200 SXM, choice 1/ })).toBeVisible()
    await field('Name').fill('trainer')
    await field('Image').fill('no image')
    await field('Ports').fill('8888/http\n70000/tcp')
    await field('Environment').fill(`A=${VALUE}\n\nA=c`)
    await field('Maximum hours').fill('0')
    for (const [name, text] of [
      ['Name', 'Another pod already has this name.'],
      ['Image', 'Enter an image such as runpod/pytorch:2.8.'],
      ['Ports', 'Line 2: Enter ports as a number from 1 to 65535'],
      ['Environment', 'Line 3: A is set twice.'],
      ['Maximum hours', 'Enter a number of hours from 0.25 to 8,760.'],
    ] as const)
      await expect.element(field(name)).toHaveAccessibleDescription(expect.stringContaining(text))
    await button(/^Create for/).click()
    const list = window.getByRole('alert')
    await expect.element(list.getByText('Correct these first')).toBeVisible()
    expect(list.element().textContent).not.toContain(VALUE)
    await expect.element(field('Name')).toHaveFocus()
    await expectGoodLook(window)
    await list.getByRole('button', { name: 'Ports' }).click()
    await expect.element(field('Ports')).toHaveFocus()
    await scene.settle()
    expect(await creates()).toBe(0)
    expect(await scene.bridge.openQuestion()).toBeNull()
  })

  test('reads prices that could not be read again once, and uses what was read then', async () => {
    const { scene, window, button, gpu } = await openNewPod()
    await expect.element(gpu('H100 SXM')).toBeVisible()
    const reads = async (what: string) =>
      (await scene.runpod.requests()).filter(({ path }) => path === `/v2/catalog/${what}`).length
    const more = async () => {
      const before = await reads('gpus')
      await button('More GPUs').click()
      await expect.poll(() => reads('gpus')).toBeGreaterThan(before)
    }
    await scene.runpod.fault({ kind: 'server-error', path: '/v2/catalog/*' })
    await more()
    const failure = window.getByText('The GPUs could not be read')
    await expect.element(failure).toBeVisible()
    await scene.runpod.clearFaults()
    window.focusOn(button('Read again'))
    await userEvent.keyboard('{Enter}')
    await expect.element(failure).not.toBeInTheDocument()
    const before = await reads('datacenters')
    await more()
    await more()
    expect(await reads('datacenters')).toBe(before)
  })
})

describe('a draft', () => {
  test('survives its page and its window without values, is emptied and brought back, and copied as a command', async () => {
    const { scene, window, field, gpu } = await openNewPod()
    await gpu('H200 SXM').click()
    await field('Name').fill('night-train')
    await field('Environment').fill(`A=${VALUE}\nB={{ RUNPOD_SECRET_hf }}`)
    const pages = window.getByRole('navigation')
    await pages.getByRole('button', { name: 'Costs' }).click()
    await expect.element(field('Name')).not.toBeInTheDocument()
    await pages.getByRole('button', { name: 'Pods' }).click()
    window.focusOn(window.getByRole('main'))
    await userEvent.keyboard('n')
    await expect.element(field('Environment')).toHaveValue(`A=${VALUE}\nB={{ RUNPOD_SECRET_hf }}`)
    await scene.settle()
    expect(JSON.stringify(Object.entries(window.global.localStorage))).not.toContain(VALUE)
    window.close()

    const next = await openWindow(scene, 'main', { page: 'new-pod', keepsStorage: true })
    const environment = next.getByRole('textbox', { name: 'Environment' })
    await expect.element(environment).toHaveValue('B={{ RUNPOD_SECRET_hf }}\nA=')
    await expect.element(next.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('night-train')
    await environment.fill(`A=${VALUE}`)
    await next.getByRole('button', { name: 'Presets' }).click()
    await next.getByRole('menuitem', { name: 'Start over' }).click()
    await expect.element(environment).toHaveValue('')
    await next.getByRole('button', { name: /^Undo: The form is empty/ }).click()
    await expect.element(environment).not.toHaveValue('')
    await next.getByRole('button', { name: 'Copy as CLI' }).click()
    await environment.fill('')
    next.focusOn(environment)
    await userEvent.paste()
    await expect
      .element(environment)
      .toHaveValue(expect.stringMatching(/^podkeeper create --gpu .*--name night-train/))
    await expect.element(environment).not.toHaveValue(expect.stringContaining(VALUE))
  })

  test('is saved as a preset without values, which is listed, deleted, restored, exported and imported', async () => {
    const { scene, window, button, field } = await openNewPod()
    await field('Environment').fill(`A=${VALUE}\nB={{ RUNPOD_SECRET_hf }}`)
    await button('Presets').click()
    await window.getByRole('menuitem', { name: 'Save as preset…' }).click()
    await window.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('night')
    await button('Save preset').click()
    await expect.element(window.getByText('Preset saved: night.')).toBeInTheDocument()
    const folder = await scene.folder()
    const presets = () => scene.readTextFile(`${folder}/presets.json`)
    expect(await presets()).not.toContain(VALUE)
    await field('Environment').fill('')
    await button('Presets').click()
    await window.getByRole('menuitem', { name: 'night' }).click()
    await expect
      .element(field('Environment'))
      .toHaveValue(expect.stringContaining('B={{ RUNPOD_SECRET_hf }}'))

    const list = window.getByRole('dialog', { name: 'Presets' })
    const manage = async () => {
      await button('Presets').click()
      await window.getByRole('menuitem', { name: 'Manage presets…' }).click()
    }
    await manage()
    await expect.element(list.getByRole('button', { name: 'Delete night' })).toBeVisible()
    await expectGoodLook(window)
    await list.getByRole('button', { name: 'Delete night' }).click()
    await expect.element(list.getByText('No presets.')).toBeVisible()
    await list.getByRole('button', { name: 'Close' }).click()
    await button(/^Undo: Preset deleted/).click()
    await manage()
    const file = `${folder}/shared.json`
    await scene.answerNextDialog([file])
    await list.getByRole('button', { name: 'Export night' }).click()
    await expect.element(window.getByText(`Exported to ${file}.`)).toBeInTheDocument()
    await list.getByRole('button', { name: 'Close' }).click()
    await scene.answerNextDialog([file])
    await button('Presets').click()
    await window.getByRole('menuitem', { name: 'Import…' }).click()
    await expect.element(window.getByText('Preset saved: shared.')).toBeInTheDocument()
    expect(JSON.parse(await presets()).presets).toHaveLength(2)
  })
})
