import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startFakeRunpod } from '../../../bench/podguard/fake-runpod'
import { guardShells } from '../../../bench/podguard/run-days'
import { parseGuardReport, type PostStart } from '../../../src/core/pod-guard/guard-report'
import { guardScript } from '../../../src/core/pod-guard/guard-script'
import { changeScript, readGuardScript, removeScript } from '../../../src/core/pod-guard/guard-scripts'
import { createPodGuardHost } from '../../../src/ssh/run/pod-guard-host'
import { laptop } from '../../harness/guard/guard-report'
import { tempFolder } from '../../harness/ssh/openssh-for-test'
import { hasContainers, startJobPod } from '../../harness/queue/job-pod'

// Real shells and servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

/** What Runpod's own images have. */
const STARTER = 'set -e\nexecute_script "POST" HOOK\nsleep infinity\n'

describe.each(guardShells)('the block in /post_start.sh under %s', (...[program = '', ...args]) => {
  function setUp() {
    const folder = tempFolder('hook')
    const root = join(folder, 'it’s a $volume')
    const guard = join(root, '.podkeeper/guard/p')
    mkdirSync(guard, { recursive: true, mode: 0o700 })
    writeFileSync(join(guard, 'guard.sh'), 'version=1\n')
    const hooks = { postStart: join(folder, 'post_start.sh'), starter: join(folder, 'start.sh') }
    writeFileSync(hooks.starter, STARTER.replace('HOOK', hooks.postStart))
    const place = { computer: laptop, root, podId: 'p', hooks }
    const run = (script: ReturnType<typeof readGuardScript>): string => {
      if (!script.ok) throw new Error(script.error)
      return spawnSync(program, args, { input: script.value, encoding: 'utf8' }).stdout
    }
    const stateOf = (output: string): PostStart | null => {
      const report = parseGuardReport(output)
      if (!report.ok || report.value === 'absent') throw new Error(output)
      return report.value.postStart
    }
    return {
      ...hooks,
      guard,
      folder,
      read: () => stateOf(run(readGuardScript(place, false))),
      change: (isOn: boolean) => stateOf(run(changeScript(place, 'post-start', isOn ? 1 : 0))),
      remove: () => run(removeScript(place)),
      text: () => readFileSync(hooks.postStart, 'latin1'),
    }
  }

  it('comes and goes, and every other byte stays', () => {
    for (const text of [
      '#!/bin/bash\nset -euo pipefail\necho mine\nexit 0',
      'exec python3 server.py\n',
      '#!/bin/sh\n',
      'cat <<EOF\nnever closed\n',
      '# \xff\xfe\r\necho x\r\n\n\n',
      'echo "# >>> Podkeeper"\n',
    ]) {
      const pod = setUp()
      writeFileSync(pod.postStart, text, 'latin1')
      chmodSync(pod.postStart, 0o751)
      expect(pod.change(true), text).toBe('yes')
      expect(
        pod
          .text()
          .split(/^(?:# >>> .*\n.*\n# <<< .*\n)/m)
          .join(''),
      ).toBe(text)
      expect(pod.text().startsWith('#!')).toBe(text.startsWith('#!'))
      const once = pod.text()
      expect(pod.change(true)).toBe('yes')
      expect(pod.text()).toBe(once)
      expect(statSync(pod.postStart).mode & 0o777).toBe(0o751)
      expect(pod.change(false)).toBe('no')
      expect(pod.text()).toBe(text)
      expect(readdirSync(pod.folder).sort()).toEqual(['it’s a $volume', 'post_start.sh', 'start.sh'])
    }
  })

  it('makes the script where there is none, and removes that one', async () => {
    const pod = setUp()
    expect(pod.read()).toBe('no')
    expect(pod.change(true)).toBe('yes')
    // It ends well, whatever became of the guard: a script that fails would end the container.
    rmSync(join(pod.guard, 'guard.sh'))
    expect(spawnSync('bash', ['-e', pod.postStart], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    })
    writeFileSync(join(pod.guard, 'guard.sh'), `touch '${join(pod.folder, 'started')}'\n`)
    expect(spawnSync('bash', ['-e', pod.postStart]).status).toBe(0)
    await expect.poll(() => existsSync(join(pod.folder, 'started'))).toBe(true)
    expect(pod.remove()).toBe('removed\n')
    expect(existsSync(pod.postStart)).toBe(false)
  })

  it('leaves alone what it can’t change safely, and images that run no such script', () => {
    const other = setUp()
    writeFileSync(other.starter, 'sleep infinity\n')
    expect([other.read(), other.change(true), existsSync(other.postStart)]).toEqual(['none', 'none', false])
    for (const prepare of [
      (path: string) => symlinkSync('/nowhere', path),
      (path: string) => mkdirSync(path),
      (path: string) => writeFileSync(path, 'echo\n\0binary'),
      (path: string) => writeFileSync(path, '#'.repeat(70_000)),
      // Someone changed the block.
      (path: string) =>
        writeFileSync(path, "# >>> Podkeeper's guard of p: it starts in the background\nrm -rf data\n"),
      (path: string) =>
        writeFileSync(
          path,
          "# >>> Podkeeper's guard of p: it starts in the background\na\nmine\n# <<< Podkeeper's guard of p\n",
        ),
    ]) {
      const pod = setUp()
      prepare(pod.postStart)
      const before = spawnSync('sh', [
        '-c',
        `ls -ld '${pod.postStart}'; cksum '${pod.postStart}'`,
      ]).stdout.toString()
      expect([pod.change(true), pod.change(false)]).toEqual(['left', 'left'])
      const after = spawnSync('sh', [
        '-c',
        `ls -ld '${pod.postStart}'; cksum '${pod.postStart}'`,
      ]).stdout.toString()
      expect(after).toBe(before)
    }
  })
})

describe.runIf(hasContainers)('a guard that the image starts', () => {
  async function startPod(volumeBytes?: number) {
    const runpod = await startFakeRunpod()
    onTestFinished(() => runpod.close())
    const folder = tempFolder('image')
    const hooks = { postStart: join(folder, 'post_start.sh'), starter: join(folder, 'start.sh') }
    writeFileSync(hooks.starter, STARTER.replace('HOOK', hooks.postStart))
    writeFileSync(hooks.postStart, `#!/bin/bash\necho once >>${join(folder, 'own')}\nexit 0\n`)
    const pod = await startJobPod({
      containerSetup: `bash -e ${hooks.postStart}`,
      ...(volumeBytes !== undefined && { volumeBytes }),
    })
    const host = createPodGuardHost('a', pod.ssh.runCommand, () => laptop, hooks)
    onTestFinished(async () => void (await host.remove(pod.pod)))
    const read = async () => {
      const reply = await host.read(pod.pod, false)
      return reply.ok && reply.value !== 'absent' ? reply.value : null
    }
    await host.install(pod.pod, {
      guard: (guardScript(runpod.apiBase) ?? '').replace(/^every=60 /m, 'every=1 '),
      settings: `3600 7200 0 5 yes ${pod.volumeOnPod}/.podkeeper/jobs`,
      deadlineS: 0,
      keepS: 0,
      isFresh: false,
      takesLease: false,
    })
    expect(await read()).toMatchObject({ isAlive: true, postStart: 'no' })
    await host.change(pod.pod, 'post-start', 1)
    expect(await read()).toMatchObject({ postStart: 'yes' })
    return { pod, host, hooks, folder, read }
  }

  it('runs again after a restart of the container, without any Podkeeper', async () => {
    const { pod, host, hooks, folder, read } = await startPod()
    await pod.restart()
    await expect.poll(read, { timeout: 60_000 }).toMatchObject({ isAlive: true })
    // It counts the maximum hours from then.
    await expect
      .poll(async () => {
        const report = await read()
        return report?.status?.deadlineS == null ? null : report.status.deadlineS - report.nowS
      })
      .toBeGreaterThan(7_000)
    expect(readFileSync(join(folder, 'own'), 'utf8')).toBe('once\nonce\n')
    expect(await host.remove(pod.pod)).toMatchObject({ ok: true })
    expect(readFileSync(hooks.postStart, 'utf8')).not.toContain('Podkeeper')
  })

  it('runs again on a disk that is full by then, and keeps running what was to be kept', async () => {
    const { pod, host, read } = await startPod(262_144)
    await host.change(pod.pod, 'keep', 3_600)
    const keptBefore = pod.read(`.podkeeper/guard/p/keep.${laptop.id}`)
    expect(() => writeFileSync(join(pod.volume, 'filler'), Buffer.alloc(1_048_576))).toThrow('ENOSPC')
    await pod.restart()
    await expect.poll(read, { timeout: 60_000 }).toMatchObject({ isAlive: true, status: { hold: 'keep' } })
    expect(pod.read(`.podkeeper/guard/p/keep.${laptop.id}`)).not.toBe(keptBefore)
  })
})
