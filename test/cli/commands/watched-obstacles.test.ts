import { expect, test } from 'vitest'
import { checkBuild, watchedObstacles } from '../../../src/cli/commands/doctor/watched-obstacles'
import { buildLine } from '../../../src/core/doctor/build-line'
import { outdatedText } from '../../../src/core/doctor/computer-check-text'
import { obstaclesLine } from '../../../src/core/doctor/obstacles-line'
import { ACCOUNT, newControlFolder, startHolder } from '../../harness/data-folder/control-holder'
import { failure } from '../../harness/monitor/scripted-provider'

test('doctor and status read what keeps rules from being carried out from the program that watches', async () => {
  const { folder, fixture } = await startHolder()
  const { monitor, provider, clock } = fixture
  const read = () => watchedObstacles(folder, ACCOUNT, clock)
  expect(await read()).toEqual({ ok: true, value: [] })
  provider.listPods = async () => failure('forbidden')
  monitor.refresh()
  await clock.advanceAsync(0)
  const watched = await read()
  expect(watched).toMatchObject({ ok: true, value: [{ code: 'key-forbidden', accountId: ACCOUNT }] })
  expect(watched.ok && obstaclesLine(watched.value)).toEqual({
    id: 'obstacles',
    verdict: 'problem',
    text: 'The API key can’t access pods. Give it access on Runpod.',
  })
})

test('where no program watches, that is not taken for a list without obstacles', async () => {
  const clock = { now: () => ({ wallMs: 0, monotonicMs: 0, runId: 'a' }) }
  const watched = await watchedObstacles(newControlFolder(), ACCOUNT, clock)
  expect(watched).toEqual({ ok: true, value: null })
  expect(obstaclesLine(null).verdict).toBe('not-checked')
  expect(await checkBuild(newControlFolder(), clock)).toMatchObject({ id: 'build', verdict: 'not-checked' })
})

test('doctor warns where the program that watches is not the one that is installed, and only there', () => {
  const line = (isOutdated?: boolean) =>
    buildLine({ version: '0.1.0', ...(isOutdated !== undefined && { isOutdated }) })
  expect(line(true)).toEqual({ id: 'build', verdict: 'warning', text: outdatedText })
  expect([line(false), line()].map(({ verdict }) => verdict)).toEqual(['ok', 'ok'])
})
