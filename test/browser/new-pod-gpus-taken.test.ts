import { describe, expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import type { Snapshot } from '../../src/core/view/snapshot'
import { expectGoodLook } from '../harness/browser/expect-look'
import { H100, openNewPod } from '../harness/browser/new-pod-scene'
import { openWindow } from '../harness/browser/open-window'
import { actionsSent, card } from '../harness/browser/pods-scene'
import { podOf } from '../harness/browser/scene'

/* New pods where GPUs are taken: the next choice, waiting until one is free, and rebuilding elsewhere. */

const stock = { '*': 'HIGH', [H100]: 'NONE' } as const

test('a GPU that is taken is followed by the next choice, which one row of the activity tells', async () => {
  const { scene, window, fill, create, creates } = await openNewPod({ conditions: { stock } })
  await fill('second-choice', ['H100 SXM', 'A100 SXM'])
  await create('second-choice')
  // Its card is there before the pod is.
  await expect.element(card(window, 'second-choice')).toHaveTextContent('A100-SXM')
  await scene.settle()
  expect(await creates()).toBe(2)
  await window
    .getByRole('navigation')
    .getByRole('button', { name: /Activity/ })
    .click()
  await window.getByRole('button', { name: /^second-choice was created/ }).click()
  const steps = window.getByCss('.entry-steps')
  await expect.element(steps).toHaveTextContent('You requested the pod second-choice')
  await expect.element(steps).toHaveTextContent('H100 SXM')
  const rows = [...window.document.querySelectorAll('.entry-head')].map(({ textContent }) => textContent)
  expect(rows.filter((text) => text?.includes('second-choice'))).toHaveLength(1)
})

describe('where nothing is free', () => {
  test('waiting is offered, needs a price and an end, and makes one pod', async () => {
    const { scene, window, button, field, toasts, fill, create, creates } = await openNewPod({
      settings: { gpuRetryS: 10, gpuRetrySlowestS: 10 },
      conditions: { stock: { '*': 'NONE' } },
    })
    const popover = await openWindow(scene, 'popover')
    window.focusOn(window.getByRole('main'))
    await fill('patient', ['L40S'])
    await create('patient')
    await expect.element(toasts.getByText('patient was not created')).toBeVisible()
    await expect.element(popover.getByText('patient was not created')).toBeVisible()
    await toasts.getByRole('button', { name: 'Wait until one is free…' }).click()
    await expect.element(window.getByText('L40S').first()).toBeVisible()
    await expect.element(popover.getByText('patient was not created')).not.toBeInTheDocument()
    await field('Up to').fill('1.20')
    await button(/^Create when free/).click()
    await expect.element(window.getByRole('alert').getByText('Set maximum hours')).toBeVisible()
    await field('Maximum hours').fill('6')
    await expectGoodLook(window)
    const { lines } = await create('patient')
    expect(JSON.stringify(lines)).toContain('It costs up to $1.20/hr.')
    expect(JSON.stringify(lines)).toContain('keeps trying for 8 h')
    await expect.element(card(window, 'patient').getByText('No GPU is available.')).toBeVisible()
    await expectGoodLook(window)
    const before = await creates()
    await scene.advance(MINUTE_MS)
    expect(await creates()).toBeGreaterThan(before)
    await scene.runpod.scenario('stock-back')
    // The message is gone a few seconds later.
    await expect
      .poll(async () => {
        await scene.advance(2 * SECOND_MS)
        return toasts.element().textContent
      })
      .toContain('patient was created')
    const { value } = (await scene.bridge.request('snapshot')) as { value: Snapshot }
    expect(value.pods.map(({ name }) => name)).toEqual(['patient'])
  })

  test('waiting is off at first, and canceled in the popover, where it is a row', async () => {
    const { scene, window, field, toasts, fill, create } = await openNewPod({
      conditions: { stock: { '*': 'NONE' } },
    })
    await fill('impatient', ['A100 SXM'])
    const name = 'If none is available, wait for one'
    await expect.element(window.getByRole('switch', { name })).not.toBeChecked()
    await window.getByCss('.new-switch').filter({ hasText: name }).getByCss('.knob').click()
    await field('Maximum hours').fill('6')
    await create('impatient')
    await expect.element(card(window, 'impatient')).toBeVisible()
    const popover = await openWindow(scene, 'popover')
    const row = popover.getByRole('article', { name: 'impatient' })
    await expect.element(row).toHaveTextContent('A100 SXM')
    expect(row.element().getBoundingClientRect().height).toBe(44)
    expect(popover.overflow().page).toBe(0)
    expect(await popover.axeFaults('all')).toEqual([])
    await popover.setColorScheme('dark')
    expect(await popover.axeFaults('contrast')).toEqual([])
    await popover.getByRole('button', { name: 'Cancel creating impatient' }).click()
    await expect.element(toasts.getByText('Creation canceled: impatient')).toBeInTheDocument()
    await expect.element(card(window, 'impatient')).not.toBeInTheDocument()
  })
})

test('a pod whose GPU is taken is rebuilt elsewhere with its volume, and the old one is terminated only when asked', async () => {
  const { scene, window, field } = await openNewPod({
    networkVolumes: [{ id: 'vol', name: 'ckpt-store', sizeGb: 100, dataCenterId: 'EU-RO-1' }],
    pods: [
      {
        id: 'anomaly',
        name: 'anomaly',
        mode: 'stopped',
        gpu: { id: H100, count: 1 },
        dataCenterId: 'EU-RO-1',
        network: { volumeId: 'vol', path: '/workspace' },
        ports: ['22/tcp'],
        env: { HF_TOKEN: 'hf_very_secret_value_1234' },
      },
    ],
  })
  const { key } = await podOf(scene, 'anomaly')
  await scene.bridge.request('changePodRules', key, { maxHours: 8 })
  await scene.runpod.scenario('no-gpus')
  await window.getByRole('navigation').getByRole('button', { name: 'Pods' }).click()
  const old = card(window, 'anomaly')
  await old.getByRole('button', { name: 'Start anomaly', exact: true }).click()
  await scene.advance(30 * SECOND_MS)
  await old.getByRole('button', { name: 'Rebuild elsewhere: anomaly' }).click()
  await expect
    .element(window.getByRole('heading', { name: 'Rebuild of anomaly', exact: true, level: 1 }))
    .toBeInTheDocument()
  const copied = 'Its variables are copied: HF_TOKEN.'
  for (const text of ['/workspace is kept: it is on a network volume.', copied, 'ckpt-store is in EU-RO-1'])
    await expect.element(window.getByText(text)).toBeVisible()
  // The rules of the old pod are filled in, and leave the form with the switch.
  await expect.element(window.getByRole('switch', { name: 'Take over rules and terminals' })).toBeChecked()
  await expect.element(field('Maximum hours')).toHaveValue('8')
  const knob = window.getByCss('.new-switch').filter({ hasText: 'Take over rules' }).getByCss('.knob')
  await knob.click()
  await expect.element(field('Maximum hours')).toHaveValue('')
  await knob.click()
  await expect.element(field('Maximum hours')).toHaveValue('8')
  window.close()

  // The next window reads the other pod anew, and says where it cannot.
  await scene.runpod.fault({ kind: 'server-error', method: 'GET', path: '/v2/pods/anomaly' })
  const next = await openWindow(scene, 'main', { page: 'new-pod', keepsStorage: true })
  await expect.element(next.getByText('none of its variables are copied.')).toBeVisible()
  await scene.runpod.clearFaults()
  await next.getByCss('.new-source').getByRole('button', { name: 'Read again' }).click()
  await expect.element(next.getByText(copied)).toBeVisible()
  await next.getByCss('.new-table tr').filter({ hasText: 'L40S' }).click()
  await expectGoodLook(next)
  await next.getByRole('button', { name: /^Create for/ }).click()
  await scene.bridge.answerQuestion('Create anomaly-2?', 'Create pod')
  await expect.element(card(next, 'anomaly-2')).toBeVisible()
  await scene.advance(2 * MINUTE_MS)
  expect((await podOf(scene, 'anomaly-2')).dataCenterId).toBe('EU-RO-1')
  const toasts = next.getByRole('list', { name: 'New pods' })
  await expect.element(toasts.getByText('anomaly-2 is running')).toBeInTheDocument()
  const terminations = async () => (await actionsSent(scene)).filter((sent) => sent.startsWith('terminate'))
  expect(await terminations()).toEqual([])
  await toasts.getByRole('button', { name: 'Terminate anomaly…' }).click()
  await scene.bridge.answerQuestion('Terminate anomaly?', 'Cancel')
  await scene.settle()
  expect(await terminations()).toEqual([])
  const { logLines } = await scene.host()
  expect(logLines.join('\n')).not.toContain('hf_very_secret')
})
