import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Pod } from '../../../src/core/pods/pod'
import type { JobHost, JobLaunch, JobReading } from '../../../src/core/queue/host/job-host'
import { createJobHost } from '../../../src/ssh/jobs/job-host'
import { startOpenSshForTest, startRelay, tempFolder } from '../ssh/openssh-for-test'
import { pod } from '../samples/pods'
import { captureShell, createSshClient, target, toEndpoint } from '../ssh/ssh-client'

/** Containers need root and its rights; without them, jobs run beside the tests. */
export const hasContainers =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', '--pid', '--fork', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
export const hasBusybox = hasContainers && existsSync('/usr/bin/busybox')

export interface JobPodOptions {
  readonly id?: string
  readonly route?: 'direct' | 'proxy'
  /** `busybox`: a root file system with nothing else. Default: `dash`. */
  readonly shell?: 'dash' | 'busybox'
  /** Exported before the shell of each session. */
  readonly sessionSetup?: string
  /** Run as root in the container when that starts. */
  readonly containerSetup?: string
  /** Who signs in, and whose the volume is. Default: root. */
  readonly uid?: number
  /** Bytes of the volume; a tmpfs. Default: a folder. */
  readonly volumeBytes?: number
}

/** A pod behind a real OpenSSH server: a container with processes of its own, which can be restarted. */
export async function startJobPod({
  id = 'p',
  route = 'direct',
  shell = 'dash',
  sessionSetup = ':',
  containerSetup = ':',
  uid = 0,
  volumeBytes,
}: JobPodOptions = {}) {
  const here = createSshClient()
  const folder = tempFolder('pod')
  const root = shell === 'busybox' ? createBusyboxRoot(join(folder, 'root')) : ''
  /** As the pod knows it. */
  const volume = shell === 'busybox' ? '/workspace' : join(folder, 'workspace')
  mkdirSync(join(root, volume), { recursive: true })
  if (volumeBytes !== undefined) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${volumeBytes}`, 'tmpfs', join(root, volume)])
    onTestFinished(() => void execFileSync('umount', ['-l', join(root, volume)]))
  }
  if (uid !== 0) chownSync(join(root, volume), uid, uid)
  const pidFile = join(folder, 'container.pid')
  let container: ReturnType<typeof spawn> | null = null
  const startContainer = async (): Promise<void> => {
    if (!hasContainers) return
    const mounts = root === '' ? [] : [`--root=${root}`, '--wd=/']
    const setup = `mount -t proc proc /proc; ${containerSetup}; echo up; exec sleep 100000`
    container = spawn(
      'unshare',
      ['--mount', '--pid', '--fork', '--kill-child', ...mounts, 'sh', '-c', setup],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    await once(container.stdout!, 'data')
    const child = execFileSync('ps', ['-o', 'pid=', '--ppid', String(container.pid)], { encoding: 'utf8' })
    writeFileSync(pidFile, child.trim())
  }
  const endContainer = async (): Promise<void> => {
    if (container === null) return
    const ended = once(container, 'exit')
    container.kill('SIGKILL')
    await ended
    container = null
  }
  onTestFinished(endContainer)
  await startContainer()
  const name = shell === 'dash' ? '/usr/bin/dash' : '/bin/sh'
  // Outside of a container, the terminal belongs to processes that the shell doesn't see.
  const typed = `${hasContainers ? '$(PATH=/usr/bin:/bin command -v setsid) -c ' : ''}${name} -i`
  const session = `${sessionSetup}; case $SSH_ORIGINAL_COMMAND in "") exec ${typed};; sh) exec ${name};; *) exec ${name} -c "$SSH_ORIGINAL_COMMAND";; esac`
  const entry = join(folder, 'session')
  writeFileSync(entry, session)
  const enter = `exec nsenter --setuid ${uid} --setgid ${uid} --target $(cat ${pidFile}) --mount --pid --root --wd=/ ${name} -c "$(cat ${entry})"`
  const server = await startOpenSshForTest({
    authorized: [here.key().publicLine],
    config: [`ForceCommand ${hasContainers ? enter : `sh ${entry}`}`],
  })
  const endpoint = toEndpoint(server)
  const relay = await startRelay(server.port)
  const through = (port: number): Pod =>
    pod({
      id,
      persistentMount: { sizeGb: 1, path: volume },
      ssh: { direct: null, proxy: null, [route]: { ...endpoint, port } },
    })
  for (const { ssh } of [through(server.port), through(relay.port)])
    captureShell(await here.connect({ ...target(null), podId: id, ssh })).shell.close()
  return {
    host: createJobHost('a', {
      runCommand: here.ssh.runCommand,
      openScript: here.ssh.openScript,
      // The guard counts whole seconds: one less may pass.
      graceSeconds: 5,
    }),
    ssh: here.ssh,
    /** What another program needs to connect like this one. */
    client: {
      home: here.home,
      hostKeyFile: here.hostKeyFile,
      unlockWorkerPath: here.unlockWorkerPath,
    },
    pod: through(server.port),
    /** The same pod by a connection that can be cut. */
    relayed: through(relay.port),
    relay,
    server,
    /** Where its volume is on this computer. */
    volume: join(root, volume),
    volumeOnPod: volume,
    read: (path: string) => readFileSync(join(root, volume, path), 'utf8'),
    /** Lines of a file; none if there is no file. */
    count: (path: string) => {
      const file = join(root, volume, path)
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0
    },
    async restart() {
      await endContainer()
      await startContainer()
    },
  }
}

function createBusyboxRoot(root: string): string {
  for (const name of ['bin', 'proc', 'tmp', 'dev', 'workspace'])
    mkdirSync(join(root, name), { recursive: true })
  const libraries = execFileSync('ldd', ['/usr/bin/busybox'], { encoding: 'utf8' }).match(/\/\S+/g) ?? []
  for (const file of ['/usr/bin/busybox', ...libraries]) {
    const path = join(root, file)
    mkdirSync(join(path, '..'), { recursive: true })
    copyFileSync(file, path)
  }
  copyFileSync('/usr/bin/busybox', join(root, 'bin/busybox'))
  execFileSync('chroot', [root, '/bin/busybox', '--install', '-s', '/bin'])
  execFileSync('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3'])
  return root
}

const launched = new Set<string>()

/** All of one queue. */
export function launch(id: string, command: string, more: Partial<JobLaunch> = {}): JobLaunch {
  launched.add(id)
  return {
    id,
    command,
    workingDirectory: null,
    environment: {},
    files: [],
    maxSeconds: 3_600,
    gpuIndexes: null,
    besideIds: [...launched],
    ...more,
  }
}

/** Reads until the job is as wanted. */
export async function readUntil(
  { host, pod }: { readonly host: JobHost; readonly pod: Pod },
  id: string,
  kind: JobReading['kind'],
): Promise<JobReading> {
  for (const sinceMs = performance.now(); ;) {
    const read = await host.read(pod, [id])
    if (!read.ok) throw new Error(read.error.message)
    const [reading] = read.value
    if (reading?.kind === kind) return reading
    if (performance.now() - sinceMs > 60_000) throw new Error(`The job is ${JSON.stringify(reading)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
