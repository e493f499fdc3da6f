import { expect, test } from 'vitest'
import { expectGoodLook } from '../harness/browser/expect-look'
import { openWindow } from '../harness/browser/open-window'
import { openScene } from '../harness/browser/scene'
import { showPage } from '../harness/browser/volumes-scene'

/** What the simulated Hubify accepts. */
const HUBIFY_KEY = 'hfy_key_simulated_full_access'
const LABS = ['j57a8k9m2n3p4q5r', 'k17d3f5g6h7j8k9m']

test('labs on the free plan say how often they are looked at, and why', async () => {
  const scene = await openScene({ isConnected: false, hubify: { plan: 'free' } })
  await scene.setClipboard(HUBIFY_KEY)
  expect(await scene.bridge.request('pasteLabKey')).toMatchObject({ ok: true })
  expect(await scene.bridge.request('addLabs', LABS)).toMatchObject({ ok: true })
  await scene.advance(10 * 60_000)
  const window = await openWindow(scene)
  await showPage(window, 'Settings')
  await window.getByRole('button', { name: 'Accounts & keys' }).click()
  for (const name of ['Dark energy', 'Protein folds'])
    await expect
      .element(window.getByRole('group', { name: `Account ${name}` }))
      // 3 min 36 s for each lab of the key.
      .toHaveTextContent('Podkeeper checks this lab every 8 min, because all labs of a key share')
  await expectGoodLook(window)
})

test('Clean up says of labs what Hubify tells, and nothing of volumes, templates and keys', async () => {
  const scene = await openScene({ isConnected: false, hubify: {} })
  await scene.setClipboard(HUBIFY_KEY)
  expect(await scene.bridge.request('pasteLabKey')).toMatchObject({ ok: true })
  expect(await scene.bridge.request('addLabs', LABS)).toMatchObject({ ok: true })
  await scene.advance(10 * 60_000)
  const window = await openWindow(scene, 'main', { page: 'clean-up' })
  for (const name of ['Dark energy', 'Protein folds']) {
    const lab = window.getByRole('region', { name: `What ${name} may have left over` })
    await expect.element(lab).toHaveTextContent(/no pod.*14 days|stopped/i)
    await expect.element(lab).not.toHaveTextContent(/volume|template|SSH key|Runpod/i)
  }
  await expectGoodLook(window)
})
