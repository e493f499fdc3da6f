import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { expectGoodLook } from '../harness/browser/expect-look'
import { openWindow, type TestWindow } from '../harness/browser/open-window'
import { type BrowserScene, openScene } from '../harness/browser/scene'
import type { BrowserSceneOptions } from '../harness/browser/scene-contract'

const DAY_MIN = 24 * 60
const SECRET = 'hf_never_show_this'

const old = { mode: 'stopped', createdAgoMin: 60 * DAY_MIN, startedAgoMin: 40 * DAY_MIN } as const
const leftovers: BrowserSceneOptions = {
  pods: [
    {
      ...old,
      id: 'p15',
      name: 'llama',
      stoppedAgoMin: 15 * DAY_MIN,
      persistent: { sizeGb: 100, path: '/w' },
    },
    { ...old, id: 'p13', name: 'recent', stoppedAgoMin: 13 * DAY_MIN },
    { ...old, id: 'p-unseen', name: 'whenever', stoppedAgoMin: 20 * DAY_MIN },
    { id: 'user', name: 'user', mode: 'training', network: { volumeId: 'vol-used', path: '/data' } },
  ],
  networkVolumes: [
    { id: 'vol-used', name: 'ckpt-store', sizeGb: 500 },
    { id: 'vol-old', name: 'scratch', sizeGb: 100, dataCenterId: 'EU-RO-1' },
  ],
  templates: [
    { id: 'tpl-leaky', name: 'leaky', env: { HF_TOKEN: SECRET, SEED: '1' } },
    { id: 'tpl-fine', name: 'fine', env: { HF_TOKEN: '{{ RUNPOD_SECRET_hf }}' } },
  ],
  sshKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILXGDN/SclOozk1xsDztpmhGiKkkrfQB9SKoO8dSIQQZ old-laptop'],
  stops: [
    { podId: 'p15', days: 15 },
    { podId: 'p13', days: 13 },
  ],
}

async function openCleanUp(options: BrowserSceneOptions = leftovers) {
  const scene = await openScene(options)
  const window = await openWindow(scene, 'main', { page: 'clean-up' })
  const section = (name: string) => window.getByRole('region', { name, exact: true }).first()
  return { scene, window, section }
}

async function deletes(scene: BrowserScene, path: string): Promise<number> {
  const requests = await scene.runpod.requests()
  return requests.filter((each) => each.method === 'DELETE' && each.path.startsWith(path)).length
}

/** Types the name in the app's own window. */
async function confirmTyped(
  scene: BrowserScene,
  title: string,
  label: string,
  name: string,
): Promise<TestWindow> {
  await scene.bridge.question(title)
  const question = await openWindow(scene, 'confirmation')
  const confirm = question.getByRole('button', { name: label })
  await expect.element(confirm).toBeDisabled()
  await question.getByRole('textbox').fill(name)
  await confirm.click()
  return question
}

describe('the Clean up page', () => {
  test('lists what is left over with its price, and nothing that is used, recent or unclear among it', async () => {
    const { scene, window, section } = await openCleanUp()
    const volumes = section('Network volumes that no pod mounts')
    await expect.element(volumes).toHaveTextContent(/scratch.*100 GB · EU-RO-1.*\$7\.00/)
    await expect.element(volumes).not.toHaveTextContent('ckpt-store')
    const pods = section('Pods stopped for 14 days or more')
    await expect.element(pods).toHaveTextContent(/llama.*stopped since Nov 9.*15 d.*\$20\.00/)
    await expect.element(pods).not.toHaveTextContent(/recent|whenever|user/)
    await expect.element(section('Stopped pods, not known for how long')).toHaveTextContent('whenever')
    const templates = section('Templates with secrets in plain text')
    await expect.element(templates).toHaveTextContent('leakyHF_TOKENDelete')
    const keys = section('SSH keys that are not on this computer')
    await expect.element(keys).toHaveTextContent(/old-laptop.*SHA256:/)
    await expect.element(keys.getByRole('button')).not.toBeInTheDocument()
    await expect.element(window.getByText('costs $27.00 a month')).toBeVisible()
    expect(window.document.body.textContent).not.toContain(SECRET)
    expect(JSON.stringify((await scene.host()).logLines)).not.toContain(SECRET)
    await expectGoodLook(window)
    await window.getByRole('button', { name: 'Open in Runpod: SSH keys' }).click()
    await expect
      .poll(async () => (await scene.host()).openedAddresses)
      .toEqual(['https://console.runpod.io/user/credentials'])
  })

  test('deletes a volume and a template once their names were typed, and then says that nothing is left', async () => {
    const { scene, window, section } = await openCleanUp({
      ...leftovers,
      pods: leftovers.pods?.slice(3) ?? [],
      sshKeys: [],
    })
    await section('Network volumes that no pod mounts')
      .getByRole('button', { name: 'Delete scratch' })
      .click()
    await confirmTyped(scene, 'Delete the volume scratch?', 'Delete scratch', 'scratch')
    const templates = section('Templates with secrets in plain text')
    await expect.element(window.getByText('Every network volume is mounted by a pod.')).toBeVisible()
    await templates.getByRole('button', { name: 'Delete leaky' }).click()
    await confirmTyped(scene, 'Delete the template leaky?', 'Delete leaky', 'leaky')
    await expect.element(window.getByRole('heading', { name: 'Nothing to clean up' })).toBeVisible()
    expect([await deletes(scene, '/v2/network-volumes/'), await deletes(scene, '/v2/templates/')]).toEqual([
      1, 1,
    ])
    await expectGoodLook(window)
  })

  test('terminates a pod only in the app’s own window, and lists it no more', async () => {
    const { scene, window, section } = await openCleanUp()
    await section('Pods stopped for 14 days or more').getByRole('button', { name: 'Terminate llama' }).click()
    await confirmTyped(scene, 'Terminate llama?', 'Terminate llama', 'llama')
    await scene.advance(60_000)
    await expect.element(window.getByText('No pod has been stopped for 14 days.')).toBeVisible()
  })

  test('says what it can’t tell, and names nothing as unused then', async () => {
    const { scene, window, section } = await openCleanUp({
      ...leftovers,
      faults: [
        { kind: 'bad-request', path: '/v2/network-volumes', detail: 'closed for repairs' },
        { kind: 'bad-request', path: '/v2/templates', detail: 'closed for repairs' },
      ],
    })
    await expect.element(window.getByText(/volumes couldn’t be read.*closed for repairs/)).toBeVisible()
    await expect.element(window.getByText(/templates couldn’t be read.*closed for repairs/)).toBeVisible()
    await expect.element(window.getByText('scratch')).not.toBeInTheDocument()
    await expect.element(window.getByText('costs at least $20.00 a month')).toBeVisible()
    await scene.runpod.fault({ kind: 'reset-before', path: '/v2/pods' })
    await scene.advance(120_000)
    await expect.element(section('Pods stopped for 14 days or more')).not.toBeInTheDocument()
    await expect.element(window.getByText(/Not every pod could be read/).first()).toBeVisible()
    await expectGoodLook(window, { widths: [360, 1_180] })
  })

  test('is reached from Costs, from Volumes and by G U', async () => {
    const { window } = await openCleanUp()
    const heading = window.getByRole('heading', { name: 'Clean up', level: 1 })
    for (const page of ['Costs', 'Volumes']) {
      await window.getByRole('navigation').getByRole('button', { name: page }).click()
      await window.getByRole('main').getByRole('button', { name: 'Clean up' }).click()
      await expect.element(heading).toBeVisible()
    }
    await window.getByRole('navigation').getByRole('button', { name: 'Pods' }).click()
    window.focusOn(window.getByRole('main'))
    await userEvent.keyboard('gu')
    await expect.element(heading).toBeVisible()
  })

  test('is what one reminder a month is about, which a setting switches off', async () => {
    const reminders = async (scene: BrowserScene) =>
      (await scene.host()).notifications.flatMap(({ title, body }) =>
        title.startsWith('Unused volumes') ? [`${title}: ${body}`] : [],
      )
    const on = await openScene({ ...leftovers, hasSimulatedDates: true })
    await on.advance(5 * 60_000)
    expect(await reminders(on)).toEqual(['Unused volumes and pods cost $27.00 a month: llama, scratch'])
    const off = await openScene({
      ...leftovers,
      hasSimulatedDates: true,
      settings: { hasCleanUpReminders: false },
    })
    await off.advance(5 * 60_000)
    expect(await reminders(off)).toEqual([])
  })
})
