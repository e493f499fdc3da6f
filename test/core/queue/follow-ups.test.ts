import { describe, expect, onTestFinished, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import type { QuietDoubt } from '../../../src/core/idle/quiet-doubt'
import { podKeyOf } from '../../../src/core/pods/pod'
import type { QueuePod } from '../../../src/core/queue/schedule/schedule'
import { idleActivity, pod, stoppedPod } from '../../harness/samples/pods'
import {
  ACCOUNT,
  createQueueFixture,
  memoryResultFiles,
  queuePod,
  startQueue,
} from '../../harness/queue/queue-fixture'

const KEY = podKeyOf(ACCOUNT, 'pod-1')
const busy: QueuePod['activity'] = { kind: 'busy', by: 'gpu', partlyIdle: null }

describe('after a job passed', () => {
  test('its pod is stopped where that was asked, once it is idle and its data survives', async () => {
    const { pass, add, requests, fixture } = startQueue()
    const id = await add({ afterSuccess: 'stop' })
    await requests.runJob(id, KEY)
    fixture.pods = [queuePod({ activity: busy })]
    await pass(3 * MINUTE_MS)
    expect(fixture.stopped).toEqual([])
    fixture.pods = [queuePod()]
    await pass(MINUTE_MS)
    expect(fixture.stopped).toEqual([KEY])
  })

  test('a stop is due until it is sent, unread while its pod is, and none that a person keeps from it', async () => {
    const { pass, add, requests, fixture } = startQueue()
    const id = await add({ afterSuccess: 'stop' })
    await requests.runJob(id, KEY)
    fixture.pods = [queuePod({ activity: busy })]
    await pass(3 * MINUTE_MS)
    const due = () => fixture.queue.stopAfterJob(KEY)
    expect(due()).toBe('due')
    fixture.pods = [queuePod({ activity: busy, isObserved: false })]
    expect(due()).toBe('unread')
    fixture.pods = [queuePod({ activity: busy, areStopsPaused: true })]
    expect(due()).toBeNull()
    fixture.pods = [queuePod()]
    await pass(MINUTE_MS)
    expect([due(), fixture.stopped]).toEqual([null, [KEY]])
  })

  test('a stop is unread while its pod isn’t listed, and none once the pod is gone', async () => {
    const { pass, add, requests, fixture } = startQueue()
    const id = await add({ afterSuccess: 'stop' })
    await requests.runJob(id, KEY)
    fixture.pods = [queuePod({ activity: busy })]
    await pass(3 * MINUTE_MS)
    fixture.pods = []
    expect(fixture.queue.stopAfterJob(KEY)).toBe('unread')
    fixture.goneKeys = [KEY]
    expect(fixture.queue.stopAfterJob(KEY)).toBeNull()
    expect(fixture.stopped).toEqual([])
  })

  test('its pod keeps running where nothing would survive, and the job says why', async () => {
    const { pass, add, requests, fixture } = startQueue()
    fixture.pods = [queuePod({ pod: pod({ persistentMount: null }) })]
    const id = await add({ afterSuccess: 'stop' })
    await requests.runJob(id, KEY)
    await pass(5 * MINUTE_MS)
    expect(fixture.stopped).toEqual([])
    expect(fixture.queue.view().jobs[0]?.statusText).toContain('keeps running')
  })

  test('its pod is stopped after a fetch that took longer than a busy pod is waited for', async () => {
    const { host, pass, add, requests, fixture } = startQueue()
    host.results = [{ name: 'out.json', sizeBytes: 1, sha256: '' }]
    let arrive = (): void => {}
    host.resultHere = () => new Promise((resolve) => (arrive = resolve))
    const id = await add({ afterSuccess: 'stop', resultGlobs: ['out.json'], resultsFolder: '/results' })
    await requests.runJob(id, KEY)
    fixture.pods = [queuePod({ activity: busy })]
    await pass(60 * MINUTE_MS)
    arrive()
    await pass(20 * MINUTE_MS)
    expect(fixture.queue.view().jobs[0]?.statusText).toBeNull()
    fixture.pods = [queuePod()]
    await pass(MINUTE_MS)
    expect(fixture.stopped).toEqual([KEY])
  })

  test('its pod keeps running where something else uses it for longer than half an hour', async () => {
    const { pass, add, requests, fixture } = startQueue()
    const id = await add({ afterSuccess: 'stop' })
    await requests.runJob(id, KEY)
    fixture.pods = [queuePod({ activity: busy })]
    await pass(40 * MINUTE_MS)
    expect(fixture.queue.view().jobs[0]?.statusText).toContain('is in use by something else')
    expect(fixture.alerts.at(-1)).toMatchObject({
      title: 'name-pod-1 was not stopped after train-1',
      isCritical: true,
    })
    fixture.pods = [queuePod()]
    await pass(MINUTE_MS)
    expect(fixture.stopped).toEqual([])
  })

  test('its pod keeps running where it isn’t known whether it was started again', async () => {
    const { pass, add, requests, fixture } = startQueue()
    fixture.pods = [queuePod({ pod: pod({ startedAtMs: null }) })]
    const id = await add({ afterSuccess: 'stop' })
    await requests.runJob(id, KEY)
    await pass(5 * MINUTE_MS)
    expect(fixture.stopped).toEqual([])
    expect(fixture.queue.view().jobs[0]?.statusText).toContain('It isn’t known whether')
  })

  test('its results are fetched after any number of lost connections, and then its pod is stopped', async () => {
    const { host, pass, add, requests, fixture, alerts } = startQueue()
    host.results = [{ name: 'out.json', sizeBytes: 1, sha256: '' }]
    let tries = 0
    host.fetchResult = async (_pod, _id, file, folder) =>
      (tries += 1) < 9
        ? fail({ kind: 'unreachable', message: 'The connection was lost.', isUnclear: false })
        : ok(`${folder}/${file.name}`)
    const id = await add({ afterSuccess: 'stop', resultGlobs: ['out.json'], resultsFolder: '/results' })
    await requests.runJob(id, KEY)
    await pass(50 * MINUTE_MS)
    expect([fixture.stopped, alerts.filter(({ key }) => key.kind === 'job-pod')]).toEqual([[], []])
    await pass(90 * MINUTE_MS)
    const waiting = alerts.find(({ key }) => key.kind === 'job-pod')
    expect([waiting?.title, waiting?.isCritical]).toEqual(['The results of train-1 are not here yet', true])
    await pass(90 * MINUTE_MS)
    expect([tries, fixture.stopped, fixture.queue.view().jobs[0]?.statusText]).toEqual([9, [KEY], null])
  })

  test('an error of this computer is alerted at once, and the results are fetched once it is mended', async () => {
    let isFull = true
    const roomProblem = () => (isFull ? 'The disk is full.' : null)
    const resultFiles = { ...memoryResultFiles, roomProblem }
    const { host, pass, add, requests, fixture, alerts } = startQueue({}, { resultFiles })
    host.results = [{ name: 'out.json', sizeBytes: 1, sha256: '' }]
    const id = await add({ afterSuccess: 'stop', resultGlobs: ['out.json'], resultsFolder: '/results' })
    await requests.runJob(id, KEY)
    await pass(3 * MINUTE_MS)
    expect(alerts.at(-1)?.body).toContain('The disk is full. Podkeeper keeps trying')
    expect(fixture.queue.view().jobs[0]?.statusText).toBe(
      'Its results could not be fetched yet: The disk is full.',
    )
    isFull = false
    await pass(35 * MINUTE_MS)
    expect(fixture.stopped).toEqual([KEY])
  })

  test('fetching is use of its pod, and nothing stops it meanwhile', async () => {
    const { host, pass, add, requests, fixture } = startQueue()
    host.results = [{ name: 'out.json', sizeBytes: 1, sha256: '' }]
    let arrive = (): void => {}
    host.resultHere = () => new Promise((resolve) => (arrive = resolve))
    const id = await add({ afterSuccess: 'stop', resultGlobs: ['out.json'] })
    await requests.runJob(id, KEY)
    await pass(30 * 1_000)
    const fetched = requests.fetchJobResults(id, '/elsewhere')
    await pass(10 * MINUTE_MS)
    expect([fixture.queue.useOf(KEY).hasRunningJob, fixture.stopped]).toEqual([true, []])
    arrive()
    expect((await fetched).ok).toBe(true)
    await pass(MINUTE_MS)
    expect([fixture.queue.useOf(KEY).hasRunningJob, fixture.stopped]).toEqual([false, [KEY]])
  })

  test('its pod is stopped only after five minutes of quiet, by a look from inside where figures can’t tell, and a fresh read', async () => {
    let canRead = false
    const { pass, add, requests, fixture } = startQueue({}, { refreshPod: async () => canRead })
    const id = await add({ afterSuccess: 'stop' })
    await requests.runJob(id, KEY)
    fixture.pods = [queuePod({ activity: idleActivity({ quietForMs: 4 * MINUTE_MS }) })]
    await pass(4 * MINUTE_MS)
    const doubt = { quietForMs: 20 * MINUTE_MS } as QuietDoubt
    const doubtful = queuePod({ activity: idleActivity({ quietForMs: 0, doubt }) })
    expect([fixture.stopped, fixture.looks]).toEqual([[], []])
    fixture.pods = [doubtful]
    await pass(MINUTE_MS)
    expect([fixture.stopped, fixture.looks.length > 0]).toEqual([[], true])
    fixture.pods = [{ ...doubtful, isDoubtDecided: true }]
    await pass(MINUTE_MS)
    expect(fixture.stopped).toEqual([])
    canRead = true
    await pass(MINUTE_MS)
    expect(fixture.stopped).toEqual([KEY])
  })

  test('results that could not all be fetched go into the same folder again', async () => {
    const folders: string[] = []
    const { host, pass, add, requests } = startQueue()
    host.results = [{ name: 'out.json', sizeBytes: 1, sha256: '' }]
    host.fetchResult = async (_pod, _id, file, folder) => {
      folders.push(folder)
      return folders.length < 3
        ? fail({ kind: 'unreachable', message: 'The connection was lost.', isUnclear: false })
        : ok(`${folder}/${file.name}`)
    }
    const id = await add({ resultGlobs: ['out.json'], resultsFolder: '/results' })
    await requests.runJob(id, KEY)
    await pass(10 * MINUTE_MS)
    expect(folders).toEqual(Array(3).fill('/results/train-1-1-job-1'))
    await requests.fetchJobResults(id, '/elsewhere')
    expect(folders.at(-1)).toBe('/elsewhere/train-1-1-job-1')
  })

  test('results that a program was fetching when it ended are fetched by the next one, into the same folder', async () => {
    const { host, pass, add, requests, fixture: first } = startQueue()
    host.results = [{ name: 'out.json', sizeBytes: 1, sha256: '' }]
    const folders: string[] = []
    host.fetchResult = async (_pod, _id, file, folder) => {
      folders.push(folder)
      return folders.length === 1 ? new Promise(() => {}) : ok(`${folder}/${file.name}`)
    }
    const id = await add({ afterSuccess: 'stop', resultGlobs: ['out.json'], resultsFolder: '/results' })
    await requests.runJob(id, KEY)
    await pass(2 * MINUTE_MS)
    first.queue.dispose()
    first.clock.restart('run-2')
    const second = createQueueFixture(host, { clock: first.clock, journal: first.journal })
    onTestFinished(() => second.queue.dispose())
    second.queue.start()
    await pass(10 * MINUTE_MS)
    expect(folders).toEqual(Array(2).fill('/results/train-1-1-job-1'))
    expect([first.stopped, second.stopped]).toEqual([[], [KEY]])
  })

  test.each([
    ['stopped', { pod: stoppedPod({ id: 'pod-1' }) }, []],
    ['gone', null, [KEY]],
  ] as const)(
    'results of a pod that is %s end with a word, and with what came of them',
    async (word, after, goneKeys) => {
      const removed: string[] = []
      const removeParts = (folder: string, label: string) => void removed.push(`${folder}/${label}`)
      const { host, pass, add, requests, fixture } = startQueue(
        {},
        { resultFiles: { ...memoryResultFiles, removeParts } },
      )
      host.results = [{ name: 'out.json', sizeBytes: 1, sha256: '' }]
      host.resultHere = () => new Promise(() => {})
      const id = await add({ resultGlobs: ['out.json'], resultsFolder: '/results', afterSuccess: 'stop' })
      await requests.runJob(id, KEY)
      await pass(2 * MINUTE_MS)
      expect(fixture.queue.view().jobs[0]?.statusText).toBeNull()
      fixture.pods = []
      await pass(MINUTE_MS)
      expect(fixture.queue.view().jobs[0]?.statusText).toBeNull()
      expect(removed).toEqual([])
      fixture.pods = after === null ? [] : [queuePod(after)]
      fixture.goneKeys = goneKeys
      await pass(MINUTE_MS)
      expect(removed).toEqual(['/results/train-1-1-job-1'])
      expect(fixture.queue.view().jobs[0]?.statusText).toBe(
        `Its results were not fetched, because its pod is ${word}.`,
      )
    },
  )

  test('results of an earlier run end nothing that follows a later one', async () => {
    const { host, pass, add, stateOf, requests, fixture } = startQueue()
    host.results = [{ name: 'out.json', sizeBytes: 1, sha256: '' }]
    const arrivals: (() => void)[] = []
    host.resultHere = () => new Promise((resolve) => arrivals.push(resolve))
    const id = await add({ afterSuccess: 'stop', resultGlobs: ['out.json'], resultsFolder: '/results' })
    await requests.runJob(id, KEY)
    await pass(2 * MINUTE_MS)
    expect([stateOf(id), arrivals.length]).toEqual(['passed', 1])
    await requests.changeJob(id, 'retry')
    await requests.runJob(id, KEY)
    await pass(2 * MINUTE_MS)
    expect([stateOf(id), arrivals.length]).toEqual(['passed', 2])
    arrivals[0]?.()
    await pass(MINUTE_MS)
    expect(fixture.stopped).toEqual([])
    expect(fixture.queue.view().jobs[0]?.resultsFetched).toBe(0)
    arrivals[1]?.()
    await pass(MINUTE_MS)
    expect(fixture.stopped).toEqual([KEY])
    expect(fixture.queue.view().jobs[0]?.resultsFetched).toBeNull()
  })

  test('a failed job stops no pod', async () => {
    const { pass, add, stateOf, requests, fixture } = startQueue()
    const id = await add({ command: '60 1', afterSuccess: 'stop' })
    await requests.runJob(id, KEY)
    await pass(5 * MINUTE_MS)
    expect(stateOf(id)).toBe('failed')
    expect(fixture.stopped).toEqual([])
  })
})
