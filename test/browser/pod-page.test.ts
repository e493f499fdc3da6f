import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { openWindow } from '../harness/browser/open-window'
import { card, VOLUME } from '../harness/browser/pods-scene'
import { openScene, podOf } from '../harness/browser/scene'

/* The page of a pod. Its pictures are in test/e2e/pictures/windows.ts. */

const DAY_S = 24 * 3_600

test('the page of a pod says what is observed, and its chart is used by keyboard and by mouse', async () => {
  const scene = await openScene({
    pods: [
      {
        id: 'trainer1',
        name: 'trainer',
        mode: 'idle',
        costPerHourUsd: 3.99,
        gpu: { id: 'NVIDIA H200', count: 2 },
        createdAgoMin: 10 * 24 * 60,
        startedAgoMin: 3 * 60,
        ...VOLUME,
      },
    ],
    history: { podIds: ['trainer1'], gpuCount: 2, days: 8 },
    settings: { pollActiveS: 60, pollIdleS: 60 },
  })
  await scene.advance(20 * MINUTE_MS)
  const window = await openWindow(scene)
  const podKey = (await podOf(scene, 'trainer')).key
  const heading = window.getByRole('heading', { level: 1 })
  await card(window, 'trainer').getByRole('button', { name: 'trainer', exact: true }).click()
  await expect.element(heading).toHaveTextContent('trainer')
  await expect.poll(() => window.document.activeElement?.textContent).toBe('trainer')
  await userEvent.keyboard('{Escape}')
  await expect.poll(() => window.document.activeElement?.id).toBe(`pod-${podKey}`)
  await userEvent.keyboard('{Enter}')
  await expect.element(heading).toHaveTextContent('trainer')

  const overview = window.getByRole('tabpanel', { name: 'Overview' })
  const region = (name: string | RegExp) => overview.getByRole('region', { name })
  await expect.element(region(/^Why it counts as idle/)).toHaveTextContent(/GPU0–\d%below 5% in every sample/)
  await expect.element(region('Rules')).toHaveTextContent(/Alert after15 min accountAuto-stop ?Off account/)
  await expect.element(region('Connection')).toHaveTextContent(/Pod IDtrainer1/)
  await expect.element(region('Data')).toHaveTextContent(/When stoppedKeeps \/workspace \(1 GB/)
  await expect.element(region('Cost by day')).toHaveTextContent(/^Cost by day7 days, \$/)

  // By keyboard.
  const chart = window.getByRole('slider', { name: 'Use of trainer over time' })
  const valueText = () => chart.element().getAttribute('aria-valuetext')
  const shownRange = () => Number(chart.element().getAttribute('aria-valuemax'))
  const preset = (label: string) =>
    window.getByRole('radiogroup', { name: 'Time shown' }).getByText(label, { exact: true }).click()
  const summary = () => {
    const id = window.document.querySelector('.usage-lanes')?.getAttribute('aria-describedby') ?? ''
    return window.document.getElementById(id)?.textContent
  }
  await preset('7 d')
  await expect.poll(summary).toMatch(/busy for \d+ d.*idle for .*not running for .*not observed for/)
  await expect.poll(shownRange).toBe(7 * DAY_S)
  window.focusOn(chart)
  await userEvent.keyboard('{Home}')
  await expect.poll(valueText).toMatch(/not running|GPU \d+%/)
  await userEvent.keyboard('{End}++')
  await expect.poll(shownRange).toBeLessThan(3 * DAY_S)
  const range = () =>
    window.getByRole('region', { name: 'Use', exact: true }).getByRole('heading').element().textContent
  const before = range()
  await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}')
  await expect.poll(range).not.toBe(before)
  await userEvent.keyboard('{Escape}')
  await expect.poll(shownRange).toBe(7 * DAY_S)

  // By mouse, over each GPU.
  await preset('6 h')
  await expect.poll(shownRange).toBe(6 * 3_600)
  await window.getByRole('button', { name: 'Each GPU' }).click()
  await expect.element(window.getByRole('button', { name: 'All GPUs together' })).toBeVisible()
  const box = window.document.querySelector('.plot .u-over')!.getBoundingClientRect()
  // Somewhere it was busy: where exactly depends on the time.
  let x = box.x + 80
  const textFurtherOn = async () => {
    x = x + 20 < box.right ? x + 20 : box.x + 100
    await window.mouse({ x, y: box.y + 50 })
    return valueText()
  }
  await expect.poll(textFurtherOn).toMatch(/busy, GPU \d+% \(\d+–\d+%\)/)
  await window.mouse('down', { x: x + 100, y: box.y + 55 }, { x: x + 200, y: box.y + 60 }, 'up')
  await expect.poll(shownRange).toBeLessThan(3 * 3_600)
  await window.getByCss('.plot .u-over').dblClick()
  await expect.poll(shownRange).toBe(6 * 3_600)
})

test('after a restart the SSH command has the new port as soon as Runpod says it', async () => {
  const scene = await openScene({
    pods: [{ id: 'other1', name: 'other', mode: 'training', stalePortsS: 4, ...VOLUME }],
  })
  const { key } = await podOf(scene, 'other')
  const window = await openWindow(scene, 'main', { page: 'pod', about: key })
  const command = () =>
    window.getByRole('region', { name: 'Connection' }).element().querySelector('code')?.textContent
  await expect.poll(command).toMatch(/^ssh -p \d+ root@/)
  const before = command()
  await scene.bridge.request('act', key, 'restart')
  const later = async () => {
    await scene.advance(SECOND_MS)
    return command()
  }
  await expect.poll(later, { interval: 20 }).not.toBe(before)
  await expect.poll(later, { interval: 20 }).toMatch(/^ssh -p \d+ root@/)
})

test('the page shows how full the disks are, says when one will be full, and measures folders on request', async () => {
  const scene = await openScene({
    pods: [
      {
        id: 'disk1',
        name: 'trainer',
        mode: 'training',
        ...VOLUME,
        persistent: { sizeGb: 100, path: '/workspace' },
      },
    ],
    ssh: 'any-key',
    conditions: { disksFillPerHour: 0.2 },
    settings: { pollActiveS: 60, pollIdleS: 60 },
  })
  const { key } = await podOf(scene, 'trainer')
  const window = await openWindow(scene, 'main', { page: 'pod', about: key })
  const panel = window.getByRole('region', { name: 'Disk space' })
  await panel.getByRole('button', { name: 'Read now: disks of trainer' }).click()
  await expect
    .element(panel)
    .toHaveTextContent(/Container disk\d\d%.*Volume \/workspace\d\d%\d+ GB of 107 GB used/)
  const row = panel.getByRole('listitem').filter({ hasText: 'Volume /workspace' })
  const read = async () => {
    await scene.advance(10 * MINUTE_MS)
    return panel.element().textContent
  }
  await expect.poll(read, { interval: 300 }).toMatch(/Full in about \d h.* at this rate/)
  await expect
    .element(row.getByRole('img', { name: /^Use of the volume \/workspace, from \d+% to \d+%/ }))
    .toBeVisible()
  await row.getByRole('button', { name: 'Largest folders of the volume /workspace' }).click()
  const folders = panel.getByRole('list', { name: 'Largest folders of the volume /workspace' })
  await expect.element(folders).toHaveTextContent(/\/workspace\/checkpoints\d+ GB/)
  await row.getByRole('button', { name: 'Hide folders' }).click()
  await expect.element(folders).not.toBeInTheDocument()
})
