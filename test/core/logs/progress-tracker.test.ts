import { describe, expect, it } from 'vitest'
import { createProgressTracker, type TrackedPod } from '../../../src/core/logs/progress-tracker'
import { problemAdvice, progressText, stepsText } from '../../../src/core/logs/progress-text'
import type { Pod, PodId } from '../../../src/core/pods/pod'
import { fail, ok } from '../../../src/core/base/result'
import { createFakeClock, flushPromises, START_MS } from '../../harness/base/fake-clock'
import { createLogStreams } from '../../harness/ssh/log-streams'
import { pod as makePod } from '../../harness/samples/pods'
import { createScriptedProvider, providerError } from '../../harness/monitor/scripted-provider'

const address = { host: '203.0.113.7', port: 10_022, username: 'root' }
const creating = (changes: Partial<Pod> = {}): TrackedPod => ({
  pod: makePod({ phase: 'creating', rawStatus: 'PROVISIONING', startedAtMs: null, ...changes }),
  creating: { sinceMs: START_MS, isAtLeast: false },
})
const running = (changes: Partial<Pod> = {}): TrackedPod => ({
  pod: makePod({
    phase: 'running',
    rawStatus: 'RUNNING',
    startedAtMs: START_MS,
    ssh: { direct: address, proxy: null },
    ...changes,
  }),
  creating: null,
})

function follow(hasLogs = true) {
  const clock = createFakeClock()
  const streams = createLogStreams()
  const { streamLogs: _, ...without } = streams.provider
  const tries: ((isReachable: boolean) => void)[] = []
  let changes = 0
  const tracker = createProgressTracker({
    provider: { ...createScriptedProvider([]), ...(hasLogs ? streams.provider : without) },
    clock,
    random: () => 0.5,
    reachSsh: () => new Promise((resolve) => tries.push(resolve)),
    onChange: () => (changes += 1),
  })
  const podId = creating().pod.id
  async function poll(...pods: readonly TrackedPod[]): Promise<void> {
    tracker.onPods(pods)
    await flushPromises()
  }
  let serial = 0
  async function say(...texts: readonly string[]): Promise<void> {
    const { handlers } = streams.opened.at(-1)!
    handlers.onOpen()
    const lines = texts.map((text) => ({
      id: String((serial += 1)),
      source: 'system' as const,
      atMs: clock.now().wallMs + serial,
      text,
    }))
    await handlers.onLines(lines, 0)
  }
  const progress = (id: PodId = podId) => tracker.progressOf(id)
  return { ...streams, clock, tracker, tries, poll, say, progress, changes: () => changes }
}

describe('a new pod', () => {
  it('is followed from its machine to its SSH, by its system log and by trying', async () => {
    const { poll, say, progress, opened, tries, clock, changes } = follow()
    expect(progress()).toBeNull()
    await poll(creating())
    expect(opened.at(-1)!.query).toMatchObject({ source: 'system', sinceMs: START_MS - 300_000 })
    expect(progress()).toMatchObject({
      steps: { machine: 'now', image: 'next', container: 'next', ssh: 'next' },
      problem: null,
      lines: [],
    })
    expect(progressText(progress()!)).toBe('Waiting for a machine')
    await say('create container a', 'pulling image a', 'c7de18f1cb15 Downloading [=>] 50MB/200MB')
    expect(changes()).toBe(0)
    clock.advance(1_000)
    expect(changes()).toBe(1)
    expect(progress()!.steps).toEqual({ machine: 'done', image: 'now', container: 'next', ssh: 'next' })
    expect(progressText(progress()!)).toBe('Pulling the image, 25%, 0 of 1 layers')
    await say('Status: Downloaded newer image for a')
    expect(progressText(progress()!)).toBe('Starting the container')
    await poll(running())
    expect(progressText(progress()!)).toBe('Waiting for SSH')
    expect(stepsText(progress()!)).toBe('Machine done, image done, container done, SSH in progress')
    tries[0]!(false)
    await flushPromises()
    await poll(running())
    expect(tries).toHaveLength(2)
    await poll(running())
    expect(tries).toHaveLength(2)
    tries[1]!(true)
    await flushPromises()
    expect(progressText(progress()!)).toBe('SSH is reachable')
    expect(opened.at(-1)!.isClosed).toBe(true)
    clock.advance(60_000)
    await poll(running())
    expect(progress()).toBeNull()
    expect(opened).toHaveLength(1)
  })

  it('is not said to pull, to start or to be reachable without a sign of it', async () => {
    const { poll, progress, say } = follow()
    await poll(creating({ rawStatus: 'STARTING' }))
    expect(progress()!.steps).toEqual({
      machine: 'done',
      image: 'unknown',
      container: 'unknown',
      ssh: 'next',
    })
    expect(progressText(progress()!)).toBe('Starting, no details yet')
    await say('something else')
    expect(progress()!.steps.image).toBe('unknown')
    await poll(running({ ssh: { direct: null, proxy: { ...address, host: 'ssh.runpod.io' } } }))
    expect(progress()!.steps.ssh).toBe('unknown')
  })

  it('has a problem when its pull fails, until it continues', async () => {
    const { poll, say, progress } = follow()
    await poll(creating())
    await say('pulling image a', 'failed to pull image a: manifest unknown')
    expect(progress()).toMatchObject({
      steps: { image: 'failed' },
      problem: { kind: 'pull-failed', words: 'failed to pull image a: manifest unknown' },
      lines: [{ text: 'pulling image a' }, { text: 'failed to pull image a: manifest unknown' }],
    })
    expect(progressText(progress()!)).toBe('Image pull failed')
    expect(problemAdvice(progress()!.problem!)).toContain('name and tag')
    await say('c7de18f1cb15 Downloading [=>] 50MB/200MB')
    expect(progress()!.problem).toBeNull()
  })

  it('has a problem after ten minutes without a line, only while its log is read', async () => {
    const { poll, say, progress, clock } = follow()
    await poll(creating())
    await say('pulling image a')
    clock.advance(599_999)
    expect(progress()!.problem).toBeNull()
    clock.advance(1)
    expect(progress()).toMatchObject({ problem: { kind: 'silent', forMs: 600_000 } })
    await say('create container a')
    expect(progress()!.problem).toBeNull()
  })

  it('is not called silent for a time in which its log could not be read', async () => {
    const { poll, say, progress, clock, opened } = follow()
    await poll(creating())
    await say('pulling image a')
    await clock.advanceAsync(300_000)
    opened.at(-1)!.end(fail(providerError('unreachable', { message: 'It is down.' })))
    await clock.advanceAsync(400_000)
    expect(progress()).toMatchObject({ problem: null, logProblem: 'It is down.' })
    opened.at(-1)!.handlers.onOpen()
    await clock.advanceAsync(599_000)
    expect(progress()!.problem).toBeNull()
  })

  it('stays silent over streams that end and are opened anew at once', async () => {
    const { poll, say, progress, clock, opened } = follow()
    await poll(creating())
    await say('pulling image a')
    for (let i = 0; i < 3; i += 1) {
      await clock.advanceAsync(240_000)
      opened.at(-1)!.end(ok('silent'))
      await clock.advanceAsync(10)
      opened.at(-1)!.handlers.onOpen()
    }
    expect(progress()).toMatchObject({ problem: { kind: 'silent' } })
  })

  it('has a problem in a crash loop, although it counts as running', async () => {
    const { poll, say, progress, clock } = follow()
    await poll(creating())
    await poll(running())
    await say('start container', 'start container')
    expect(progress()!.problem).toBeNull()
    clock.advance(60_000)
    await say('start container')
    expect(progress()).toMatchObject({
      steps: { container: 'failed' },
      problem: { kind: 'crash-loop', starts: 3 },
    })
    clock.advance(1_200_000)
    await poll(running())
    expect(progress()).not.toBeNull()
  })

  it('that runs without a container is followed like one that is creating, however long it takes', async () => {
    const { poll, say, progress, clock, tries, tracker, opened } = follow()
    const without = { ...running({ ssh: { direct: null, proxy: null } }), container: 'starting' as const }
    await poll(without)
    expect(progress()!.steps).toEqual({
      machine: 'done',
      image: 'unknown',
      container: 'unknown',
      ssh: 'next',
    })
    expect(tracker.startLogOf('pod-1')).toEqual({ isStarted: false, isTelling: false })
    await say('create container: still fetching image a')
    clock.advance(1_200_000)
    await poll(without)
    expect(progress()).toMatchObject({ steps: { image: 'now' }, problem: { kind: 'silent' } })
    await say('error creating container: image pull: manifest unknown')
    expect(progress()).toMatchObject({ problem: { kind: 'pull-failed' } })
    expect(tracker.startLogOf('pod-1')).toEqual({ isStarted: false, isTelling: true })
    await say('start container')
    expect(tracker.startLogOf('pod-1')).toEqual({ isStarted: true, isTelling: true })
    expect(tries).toHaveLength(0)
    await poll({ ...running(), container: 'up' })
    expect(progressText(progress()!)).toBe('Waiting for SSH')
    expect(tries).toHaveLength(1)
    expect(opened).toHaveLength(1)
  })

  it('is followed no longer once it can’t be told whether it has a container', async () => {
    const { poll, progress, opened } = follow()
    await poll({ ...running(), container: 'starting' })
    await poll({ ...running(), container: 'unknown' })
    await poll({ ...running(), container: 'unknown' })
    expect([progress(), opened.length, opened[0]!.isClosed]).toEqual([null, 1, true])
  })

  it('is followed anew when it was started again between two polls, without the lines of the start before', async () => {
    const { poll, say, opened, clock, tracker } = follow()
    await poll({ ...running(), container: 'starting' })
    await say('start container')
    clock.advance(120_000)
    await poll({ ...running({ startedAtMs: START_MS + 110_000 }), container: 'starting' })
    expect(opened).toHaveLength(2)
    expect(tracker.startLogOf('pod-1')).toMatchObject({ isStarted: false })
  })

  it('that ran before counts nothing of its run before, nor the address that it had', async () => {
    const { poll, progress, opened, tries, clock } = follow()
    const again = creating({ startedAtMs: START_MS - 3_600_000, ssh: { direct: address, proxy: null } })
    await poll(again)
    opened.at(-1)!.handlers.onOpen()
    await opened
      .at(-1)!
      .handlers.onLines(
        [{ id: '1', source: 'system', atMs: START_MS - 3_600_000, text: 'start container' }],
        0,
      )
    expect(progress()!.steps.container).toBe('next')
    await poll(running())
    expect(tries).toHaveLength(0)
    expect(progress()!.steps.ssh).toBe('now')
    await poll(running({ ssh: { direct: { ...address, port: 10_023 }, proxy: null } }))
    expect(tries).toHaveLength(1)
    tries[0]!(false)
    await flushPromises()
    clock.advance(120_000)
    await poll(running())
    expect(tries).toHaveLength(2)
  })

  it('is followed no longer once it stops, and anew when it creates again', async () => {
    const { poll, progress, opened, clock } = follow()
    await poll(creating())
    await poll({ ...running({ phase: 'stopped' }) })
    expect(progress()).toBeNull()
    expect(opened.at(-1)!.isClosed).toBe(true)
    await poll(creating())
    await poll(running())
    clock.advance(600_000)
    await poll(running())
    expect(progress()).toBeNull()
    await poll(creating())
    expect(opened).toHaveLength(3)
    await poll()
    expect(progress()).toBeNull()
  })

  it('that has been running for long when the watch begins is not followed', async () => {
    const { poll, progress, opened } = follow()
    await poll(running({ startedAtMs: START_MS - 300_000 }))
    expect([progress(), opened.length]).toEqual([null, 0])
  })

  it('that started between two polls is followed once', async () => {
    const { poll, progress, opened, tries, clock } = follow()
    const fast = running({ createdAtMs: START_MS - 20_000 })
    await poll(fast)
    expect(progress()!.steps).toEqual({ machine: 'done', image: 'done', container: 'done', ssh: 'now' })
    tries[0]!(true)
    await flushPromises()
    clock.advance(60_000)
    await poll(fast)
    await poll(fast)
    expect([progress(), opened.length]).toEqual([null, 1])
    await poll(running({ startedAtMs: START_MS + 60_000, createdAtMs: START_MS - 20_000 }))
    expect(opened).toHaveLength(2)
  })

  it('that started between two polls and ran before is not tried at the address it may have had before', async () => {
    const { poll, tries, clock } = follow()
    const again = running({ createdAtMs: START_MS - 86_400_000 })
    await poll(again)
    expect(tries).toHaveLength(0)
    clock.advance(120_000)
    await poll(again)
    expect(tries).toHaveLength(1)
  })

  it('shares three streams with all others', async () => {
    const { poll, progress, opened } = follow()
    const pods = ['a', 'b', 'c', 'd'].map((id) => creating({ id }))
    await poll(...pods)
    expect(opened).toHaveLength(3)
    expect(progress('d')!.logProblem).toBe('The logs of other new pods are being read.')
    await poll(...pods.slice(1))
    expect(opened).toHaveLength(4)
    expect(progress('d')!.logProblem).toBeNull()
  })

  it('leaves its stream to others when its log cannot be read, and is not tried again', async () => {
    const { poll, progress, opened } = follow()
    const pods = ['a', 'b', 'c', 'd'].map((id) => creating({ id }))
    await poll(...pods)
    opened[0]!.end(fail(providerError('gone')))
    await flushPromises()
    await poll(...pods)
    expect(opened).toHaveLength(4)
    expect(progress('a')!.logProblem).toBe('Logs are no longer available here.')
    expect(progress('d')!.logProblem).toBeNull()
    await poll(...pods.slice(0, 3))
    await poll(...pods.slice(0, 3))
    expect(opened).toHaveLength(4)
  })

  it('has no progress where there are no logs, and none after the end of the watch', async () => {
    const without = follow(false)
    await without.poll(creating())
    expect(without.progress()).toBeNull()
    const ended = follow()
    await ended.poll(creating())
    ended.tracker.dispose()
    expect(ended.opened.at(-1)!.isClosed).toBe(true)
    await ended.poll(creating())
    expect(ended.progress()).toBeNull()
  })
})
