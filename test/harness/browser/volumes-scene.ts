import { expect } from 'vitest'
import { type Locator, page } from 'vitest/browser'
import { type TestWindow, openWindow } from './open-window'
import { openScene, type BrowserScene } from './scene'
import type { BrowserSceneOptions } from './scene-contract'

/** A name that tries to be markup, to turn text around, to be a formula, and to be too long. */
export const HOSTILE = `<b>big</b>\u202e=1+1 ${'x'.repeat(300)}`

export const trainer = {
  id: 'a',
  name: 'trainer',
  mode: 'training',
  persistent: { sizeGb: 100, path: '/workspace' },
  ports: ['22/tcp', '8888/http'],
  env: { HF_TOKEN: 'hf_never_show_this', SEED: '1', WANDB: '{{ RUNPOD_SECRET_wandb }}' },
} as const

const volumes: BrowserSceneOptions = {
  pods: [
    trainer,
    { id: 'b', name: 'mcmc-planck', mode: 'idle', network: { volumeId: 'vol-used', path: '/data' } },
  ],
  networkVolumes: [
    { id: 'vol-used', name: 'ckpt-store', sizeGb: 500 },
    { id: 'vol-old', name: 'scratch', sizeGb: 100, dataCenterId: 'EU-RO-1' },
    { id: 'vol-fast', name: HOSTILE, sizeGb: 50, type: 'HIGH_PERFORMANCE' },
  ],
}

export interface VolumesScene {
  readonly scene: BrowserScene
  readonly window: TestWindow
  /** The row of a volume. */
  readonly row: (name: string) => Locator
  /** Chooses from the menu of a volume. */
  readonly choose: (name: string, item: string) => Promise<void>
  /** How many changes of volumes were sent with this method. */
  readonly sent: (method: 'POST' | 'PATCH' | 'DELETE') => Promise<number>
}

/** The main window at its page of volumes. */
export async function openVolumes(options: BrowserSceneOptions = volumes): Promise<VolumesScene> {
  const scene = await openScene(options)
  const window = await openWindow(scene, 'main', { page: 'volumes' })
  const row = (name: string) => window.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) })
  if (options === volumes) await expect.element(row('ckpt-store')).toBeVisible()
  return {
    scene,
    window,
    row,
    async choose(name, item) {
      await row(name)
        .getByRole('button', { name: /^Actions of/ })
        .click()
      await window.getByRole('menuitem', { name: item }).click()
    },
    async sent(method) {
      const requests = await scene.runpod.requests()
      return requests.filter(
        (request) => request.method === method && request.path.startsWith('/v2/network-volumes'),
      ).length
    },
  }
}

export const showPage = (window: TestWindow, name: string): Promise<void> =>
  window.getByRole('navigation').getByRole('button', { name }).click()
