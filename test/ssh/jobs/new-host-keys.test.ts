import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { parsePodKey, type PodKey } from '../../../src/core/pods/pod'
import type { JobHost } from '../../../src/core/queue/host/job-host'
import type { ScheduleRules } from '../../../src/core/queue/jobs/job-codec'
import type { QueuePod } from '../../../src/core/queue/schedule/schedule'
import { createJobHost } from '../../../src/ssh/jobs/job-host'
import { startOpenSshForTest, tempFolder } from '../../harness/ssh/openssh-for-test'
import type { OpenSshServer } from '../../harness/ssh/openssh-server'
import { ACCOUNT, createQueueFixture } from '../../harness/queue/queue-fixture'
import {
  createSources,
  fresh,
  KEY,
  mayCreate,
  mayStart,
  NEW_KEY,
  stopped,
} from '../../harness/monitor/requested-pods'
import { captureShell, createSshClient, target, toEndpoint } from '../../harness/ssh/ssh-client'

const SECRET = 'hf_secret'
const acceptingStart: ScheduleRules = {
  ...mayStart,
  starts: [{ podKey: KEY, maxPerHourUsd: 3, acceptsNewKey: true }],
}

const fingerprintOf = (server: OpenSshServer): string =>
  execFileSync('ssh-keygen', ['-l', '-f', server.hostKeyFiles[0] ?? ''], { encoding: 'utf8' }).split(
    ' ',
  )[1] ?? ''

/** A queue whose pods are real OpenSSH servers at one address. */
async function startNight(rules: ScheduleRules) {
  const here = createSshClient()
  const { publicLine } = here.key()
  const workspace = join(tempFolder('pod'), 'workspace')
  mkdirSync(workspace)
  let server = await startOpenSshForTest({ authorized: [publicLine] })
  const endpoint = toEndpoint(server)
  const real = createJobHost(ACCOUNT, here.ssh)
  const pending = new Set<Promise<unknown>>()
  const host = new Proxy(real, {
    get:
      (all, name: keyof JobHost) =>
      (...args: never[]) => {
        const request = (all[name] as (...given: never[]) => Promise<unknown>)(...args)
        pending.add(request)
        return request.finally(() => pending.delete(request))
      },
  })
  const sources = createSources()
  const podSources = {
    ...sources.podSources,
    keyOutlook: (key: PodKey) =>
      here.ssh.hostKeyOutlookOf(
        ACCOUNT,
        { id: parsePodKey(key).podId, ssh: { direct: null, proxy: null } },
        true,
      ),
  }
  const fixture = createQueueFixture(host, { podSources })
  fixture.pods = []
  fixture.queue.start()
  fixture.queue.requests.setSchedule(rules)
  const where = (podId: string, startedAtMs: number) =>
    target(endpoint, { accountId: ACCOUNT, podId, startedAtMs })
  return {
    here,
    sources,
    fixture,
    endpoint,
    server: () => server,
    /** Another server at the same address, with a host key of its own. */
    async renew(): Promise<void> {
      await server.stop()
      server = await startOpenSshForTest({ authorized: [publicLine], port: server.port })
    },
    running: (podId: string, startedAtMs: number): QueuePod =>
      fresh(podId, {
        startedAtMs,
        persistentMount: { sizeGb: 1, path: workspace },
        ssh: { direct: endpoint, proxy: null },
      }),
    /** A person opens a terminal, and answers what is asked. */
    async openTerminal(podId: string, startedAtMs: number, isTrusting: boolean) {
      here.person.acceptsHostKeys = isTrusting
      const opened = await here.connect(where(podId, startedAtMs))
      if (opened.ok) captureShell(opened).shell.close()
      return opened.ok ? 'open' : opened.error.kind
    },
    async pass(ms: number): Promise<void> {
      for (let left = ms; left > 0; left -= 5 * SECOND_MS) {
        await fixture.clock.advanceAsync(5 * SECOND_MS)
        while (pending.size > 0) {
          await Promise.allSettled(pending)
          await fixture.clock.advanceAsync(1)
        }
      }
    },
    addJob: () =>
      fixture.add({ command: 'test "$TOKEN" = hf_secret', variableNames: ['TOKEN'] }, { TOKEN: SECRET }),
    job: () => fixture.queue.view().jobs[0],
    keyEntries: () => fixture.entries.filter(({ text }) => text.includes('SHA256:')),
  }
}

type Night = Awaited<ReturnType<typeof startNight>>

/** A pod that a person trusted, stopped, and that the queue starts for a job: it has a new host key then. */
async function startStoppedPod(night: Night): Promise<string> {
  expect(await night.openTerminal('pod-1', 1_000, true)).toBe('open')
  night.fixture.pods = [stopped()]
  await night.renew()
  const id = await night.addJob()
  await night.pass(2 * MINUTE_MS)
  expect(night.sources.starts).toEqual([KEY])
  night.fixture.pods = [night.running('pod-1', 2_000)]
  return id
}

async function createPod(night: Night): Promise<string> {
  const id = await night.addJob()
  await night.pass(2 * MINUTE_MS)
  expect(night.sources.creates).toHaveLength(1)
  night.sources.setState({ kind: 'pod', podKey: NEW_KEY })
  night.fixture.pods = [night.running('new', 2_000)]
  return id
}

const allowed = [
  ['started', acceptingStart, startStoppedPod, 'pod-1'],
  ['created', mayCreate, createPod, 'new'],
] as const

describe.each(allowed)(
  'a pod that is %s for a job, with its first host key allowed',
  (_how, rules, begin, podId) => {
    it('runs the job over that key, which is logged, shown, and trusted for jobs alone', async () => {
      const night = await startNight(rules)
      const id = await begin(night)
      await night.pass(4 * MINUTE_MS)
      expect(night.fixture.stateOf(id)).toBe('passed')
      const fingerprint = fingerprintOf(night.server())
      expect(night.job()?.run?.acceptedKey).toMatchObject({ algorithm: 'ssh-ed25519', fingerprint })
      expect(night.keyEntries()).toMatchObject([{ podId, tone: 'warning' }])
      expect(night.keyEntries()[0]?.text).toContain(fingerprint)
      // A terminal asks as before, and says what the queue did.
      const before = night.here.person.questions.length
      expect(await night.openTerminal(podId, 2_000, false)).toBe('host-key-declined')
      expect(night.here.person.questions.slice(before)).toMatchObject([
        { offered: { fingerprint }, acceptedForJobs: { fingerprint, atMs: expect.any(Number) } },
      ])
      // So does everything else that nobody is asked for.
      const looked = await night.here.ssh.runCommand(
        target(night.endpoint, { accountId: ACCOUNT, podId, startedAtMs: 2_000 }),
        { script: 'true', limitMs: 60_000 },
        new AbortController().signal,
      )
      expect(looked.ok ? 'ran' : looked.error.kind).toMatch(/^host-key-/)
      // The next job of the pod runs over the same key, without a second entry.
      const next = await night.addJob()
      await night.fixture.queue.requests.runJob(next, `${ACCOUNT}/${podId}`)
      await night.pass(MINUTE_MS)
      expect(night.fixture.stateOf(next)).toBe('passed')
      expect(night.keyEntries()).toHaveLength(1)
    })
  },
)

describe('a pod with its first host key allowed', () => {
  it('accepts no second key in the same run, nor one after a start that it did not request', async () => {
    const night = await startNight(acceptingStart)
    const id = await startStoppedPod(night)
    await night.pass(4 * MINUTE_MS)
    expect(night.fixture.stateOf(id)).toBe('passed')
    await night.renew()
    for (const startedAtMs of [2_000, 3_000]) {
      night.fixture.pods = [night.running('pod-1', startedAtMs)]
      const next = await night.addJob()
      await night.fixture.queue.requests.runJob(next, KEY)
      await night.pass(MINUTE_MS)
      expect([night.fixture.stateOf(next), night.server().attempts()]).toEqual(['queued', 0])
      await night.fixture.queue.requests.changeJob(next, 'remove')
    }
    expect(night.keyEntries()).toHaveLength(1)
  })

  it('accepts none that a person was asked about since the start', async () => {
    const night = await startNight(acceptingStart)
    const id = await startStoppedPod(night)
    expect(await night.openTerminal('pod-1', 2_000, false)).toBe('host-key-declined')
    await night.pass(10 * MINUTE_MS)
    expect([night.fixture.stateOf(id), night.server().attempts()]).toEqual(['held', 0])
    expect(night.fixture.stopped).toEqual([KEY])
    expect([night.keyEntries(), night.job()?.run?.acceptedKey]).toEqual([[], undefined])
  })

  it.each([true, false])(
    'accepts the first one alone where Podkeeper saw that before; the same: %s',
    async (isSame) => {
      const night = await startNight(acceptingStart)
      const id = await startStoppedPod(night)
      await night.here.ssh.runCommand(
        target(night.endpoint, { accountId: ACCOUNT, podId: 'pod-1', startedAtMs: 2_000 }),
        { script: 'true', limitMs: 60_000 },
        new AbortController().signal,
      )
      if (!isSame) await night.renew()
      await night.pass(10 * MINUTE_MS)
      expect(night.fixture.stateOf(id)).toBe(isSame ? 'passed' : 'held')
      expect(night.server().attempts() > 0).toBe(isSame)
    },
  )

  it('accepts none of another pod at that address', async () => {
    const night = await startNight(acceptingStart)
    await startStoppedPod(night)
    const other = night.running('other', 2_000)
    night.fixture.pods = [other]
    const next = await night.addJob()
    await night.fixture.queue.requests.runJob(next, other.key)
    await night.pass(MINUTE_MS)
    expect([night.fixture.stateOf(next), night.server().attempts()]).toEqual(['queued', 0])
    expect(night.keyEntries()).toEqual([])
  })

  it('accepts none of a proxy, which leads to other pods, too', async () => {
    const night = await startNight(acceptingStart)
    const id = await startStoppedPod(night)
    const { pod, ...rest } = night.running('pod-1', 2_000)
    night.fixture.pods = [{ ...rest, pod: { ...pod, ssh: { direct: null, proxy: night.endpoint } } }]
    await night.pass(10 * MINUTE_MS)
    expect([night.fixture.stateOf(id), night.server().attempts()]).toEqual(['held', 0])
    expect(night.keyEntries()).toEqual([])
  })

  it('accepts none after a later start, such as one by a person', async () => {
    const night = await startNight(acceptingStart)
    const id = await startStoppedPod(night)
    await night.pass(30 * SECOND_MS)
    night.fixture.pods = [night.running('pod-1', 3_000)]
    await night.pass(10 * MINUTE_MS)
    expect([night.fixture.stateOf(id), night.server().attempts()]).toEqual(['held', 0])
  })

  it('accepts none once that was forbidden', async () => {
    const night = await startNight(acceptingStart)
    const id = await startStoppedPod(night)
    night.fixture.queue.requests.setSchedule({ ...acceptingStart, starts: [] })
    await night.pass(10 * MINUTE_MS)
    expect([night.fixture.stateOf(id), night.server().attempts()]).toEqual(['held', 0])
  })

  it('accepts none that could not be written down, and sends nothing', async () => {
    const night = await startNight(acceptingStart)
    const id = await startStoppedPod(night)
    const file = join(dirname(night.here.hostKeyFile), 'seen-host-keys.json')
    rmSync(file, { force: true })
    mkdirSync(file)
    writeFileSync(join(file, 'in-the-way'), '')
    await night.pass(10 * MINUTE_MS)
    expect([night.fixture.stateOf(id), night.server().attempts()]).toEqual(['held', 0])
    expect(night.keyEntries()).toEqual([])
  })
})

describe('a pod whose new host key nobody allowed', () => {
  it('is started once, in case it keeps its key, and not again after a start that changed it', async () => {
    const night = await startNight(mayStart)
    const id = await startStoppedPod(night)
    expect(night.fixture.alerts[0]?.body).toContain('If it has a new host key then, the job waits for you.')
    await night.pass(10 * MINUTE_MS)
    expect([night.fixture.stateOf(id), night.server().attempts()]).toEqual(['held', 0])
    expect(night.job()?.statusText).toBe(
      "Podkeeper can't run commands on the pod: its host key changed when it was restarted. It was tried 3 times, so the job is on hold.",
    )
    expect(night.fixture.stopped).toEqual([KEY])
    night.fixture.pods = [stopped({ pod: { ...stopped().pod, startedAtMs: 2_000 } })]
    await night.fixture.queue.requests.changeJob(id, 'release')
    await night.pass(60 * MINUTE_MS)
    expect([night.sources.starts, night.fixture.alerts.length]).toEqual([[KEY], 2])
    expect(night.job()?.statusText).toContain('llama had a new host key after its last start.')
  })

  it('is started for a job where it kept its key at the last start', async () => {
    const night = await startNight(mayStart)
    for (const startedAtMs of [500, 1_000])
      expect(await night.openTerminal('pod-1', startedAtMs, true)).toBe('open')
    night.fixture.pods = [stopped()]
    const id = await night.addJob()
    await night.pass(2 * MINUTE_MS)
    expect(night.fixture.alerts[0]?.body).not.toContain('host key')
    night.fixture.pods = [night.running('pod-1', 2_000)]
    await night.pass(4 * MINUTE_MS)
    expect(night.fixture.stateOf(id)).toBe('passed')
  })

  it('is not requested where no key of it is trusted, and the job says why', async () => {
    const night = await startNight({
      ...mayStart,
      accountIds: [ACCOUNT],
      creates: mayCreate.creates?.map(({ acceptsNewKey: _on, ...rule }) => rule) ?? [],
    })
    night.fixture.pods = [stopped()]
    await night.addJob()
    await night.pass(60 * MINUTE_MS)
    expect([night.sources.starts, night.sources.creates, night.fixture.alerts]).toEqual([[], [], []])
    expect(night.job()?.statusText).toBe(
      'No pod is requested for it. No host key of llama is trusted. Open a terminal on it, or let jobs accept its next host key.',
    )
    night.fixture.pods = []
    await night.pass(MINUTE_MS)
    expect(night.job()?.statusText).toContain('A new pod of h100 shows a host key that nobody accepted.')
  })
})
