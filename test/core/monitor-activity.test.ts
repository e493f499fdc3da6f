import { expect, test } from 'vitest'
import { ok } from '../../src/core/base/result'
import { MINUTE_MS } from '../../src/core/base/time'
import { settle } from '../harness/clock'
import { createMonitorRig, type MonitorRig } from '../harness/monitor'
import { pod } from '../harness/pods'
import { failure } from '../harness/provider'

const texts = ({ activity }: MonitorRig): string[] => activity.map(({ text }) => text)

test('every step of an action is written down, and each before what follows from it', async () => {
  const rig = createMonitorRig({ pods: [pod()] })
  rig.monitor.start()
  await settle()
  expect(rig.monitor.act('pod-1', 'stop')).toEqual(ok(undefined))
  expect(texts(rig).at(-1)).toMatch(/You asked for .* to stop\./)
  let whenSent: string[] = []
  rig.provider.script.actions.push(() => {
    whenSent = texts(rig)
    return ok(null)
  })
  await rig.clock.pass(5_000)
  expect(whenSent.at(-1)).toMatch(/The stop of .* was sent to Runpod\./)
  expect(texts(rig).some((text) => text.startsWith('Runpod accepted the stop'))).toBe(true)
})

test('an outage is written down before a window shows it', async () => {
  const rig = createMonitorRig({ pods: [pod()] })
  const shown: [string, number][] = []
  rig.monitor.subscribe(({ connection }) => shown.push([connection.kind, texts(rig).length]))
  rig.monitor.start()
  await settle()
  rig.provider.listPods = async () => failure('unreachable')
  await rig.clock.pass(MINUTE_MS)
  const [, entries] = shown.find(([kind]) => kind === 'offline') ?? []
  expect(entries).toBe(1)
  expect(texts(rig)[0]).toMatch(/^Runpod cannot be read\./)
})
