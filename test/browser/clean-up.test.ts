import { describe, expect, test } from 'vitest'
import { confirmByKeyboard } from '../harness/browser/confirm-by-keyboard'
import { expectGoodLook } from '../harness/browser/expect-look'
import { openWindow } from '../harness/browser/open-window'
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

async function sent(scene: BrowserScene, method: string, path: string): Promise<number> {
  const requests = await scene.runpod.requests()
  return requests.filter((each) => each.method === method && each.path.startsWith(path)).length
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
    await expect.element(section('Templates with secrets in plain text')).toHaveTextContent('leakyHF_TOKENDelete')
    const keys = section('SSH keys that are not on this computer')
    await expect.element(keys).toHaveTextContent(/old-laptop.*SHA256:/)
    await expect.element(keys.getByRole('button', { name: /Delete|Remove/ })).not.toBeInTheDocument()
    await expect.element(window.getByText('costs $27.00 a month')).toBeVisible()
    expect(window.document.body.textContent).not.toContain(SECRET)
    expect(JSON.stringify((await scene.host()).logLines)).not.toContain(SECRET)
    await expectGoodLook(window)
  })
})
