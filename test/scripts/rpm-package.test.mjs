import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { makeRpmPackage } from '../../scripts/lib/rpm/rpm-package.mjs'
import { useRealCli } from '../harness/cli/real-program'
import { debianPackageOfStandIn } from '../harness/packages/stand-in.mjs'

/*
 * The real package, made by rpmbuild of the Debian package of a small stand-in for Electron, and installed by rpm into a
 * folder. Its scriptlets run beside rpm, against that folder and in rpm's order: in there is no shell.
 */

useRealCli()

const missing = ['dpkg-deb', 'rpmbuild', 'rpm'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
)
const title = `the rpm package${missing.length > 0 ? `, which needs ${missing.join(', ')}` : ''}`
const version = JSON.parse(readFileSync('package.json', 'utf8')).version
const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' })
const PAYLOAD = 'w.ufdio'

describe.skipIf(process.arch !== 'x64' || missing.length > 0)(title, () => {
  let debianPackage
  let file
  beforeAll(async () => {
    debianPackage = await debianPackageOfStandIn()
    file = await makeRpmPackage({ debianPackage, payload: PAYLOAD })
  })
  const ask = (format) => run('rpm', '-qp', '--qf', format, file)

  test('says what it is and what it needs', () => {
    expect(file).toMatch(new RegExp(`/podkeeper-${version}-1\\.x86_64\\.rpm$`))
    expect(ask('%{NAME} %{VERSION} %{ARCH} %{LICENSE}')).toBe(`podkeeper ${version} x86_64 MIT`)
    expect(ask('%{DESCRIPTION}')).toMatch(/^Podkeeper sits in the tray and watches rented GPU pods\./)
    const required = run('rpm', '-qp', '--requires', file).split('\n')
    expect(required).toEqual(expect.arrayContaining(['libgtk-3.so.0()(64bit)', 'libc.so.6()(64bit)']))
    // The command is optional, and Electron's own libraries are in the package.
    expect(required.filter((one) => /node|ffmpeg|\/env/.test(one))).toEqual([])
    expect(run('rpm', '-qp', '--recommends', file)).toContain('nodejs >= 20.19\n')
    const others = run('rpm', '-qp', '--provides', file)
      .split('\n')
      .filter((one) => /\.so/.test(one))
    expect(others).toEqual([])
  })

  test('has the files of the Debian package, with their modes and sizes, and of root', () => {
    const ofDebian = run('dpkg-deb', '-c', debianPackage)
      .trimEnd()
      .split('\n')
      .map((line) => /^(\S+) (\S+)\/(\S+) +(\d+) \S+ \S+ \.(.*?)( -> .*)?$/.exec(line).slice(1, 6))
      .filter(([mode]) => !mode.startsWith('d'))
      .map(([mode, user, group, size, path]) => `${mode} ${user} ${group} ${size} ${path}`)
      .map((line) => line.replace('zsh/vendor-completions', 'zsh/site-functions'))
    const ofRpm = ask('[%{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILESIZES} %{FILENAMES}\n]')
      .trimEnd()
      .split('\n')
    expect(ofRpm.filter((line) => !line.startsWith('d')).sort()).toEqual(ofDebian.sort())
    expect(ofRpm).toContainEqual(expect.stringMatching(/^-rwsr-xr-x root .*chrome-sandbox$/))
    const folders = ofRpm.filter((line) => line.startsWith('d')).map((line) => line.split(' ').at(-1))
    expect(folders).toContain('/usr/lib/podkeeper')
    // Folders of others aren't removed with it.
    expect(folders.filter((path) => !/^\/usr\/(lib|share\/doc)\/podkeeper(\/|$)/.test(path))).toEqual([])
  })

  test('is the same when it is made twice of the same Debian package', async () => {
    const first = readFileSync(file)
    expect(readFileSync(await makeRpmPackage({ debianPackage, payload: PAYLOAD }))).toEqual(first)
  })

  describe.runIf(process.getuid?.() === 0)('when installed', () => {
    function newSystem() {
      const system = mkdtempSync(join(tmpdir(), 'podkeeper-system-'))
      onTestFinished(() => rmSync(system, { recursive: true, force: true }))
      for (const folder of ['root/.ssh', 'etc/apparmor.d'])
        mkdirSync(join(system, folder), { recursive: true })
      writeFileSync(join(system, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
      const rpm = (...args) => run('rpm', '--root', system, '--nodeps', '--noscripts', ...args)
      const scriptlet = (name, of, count) => {
        const script = run('rpm', '-qp', '--qf', `%{${name}}`, of)
        expect(script).toMatch(/set -e/)
        execFileSync('/bin/sh', ['-c', script, 'scriptlet', String(count)], {
          env: { ...process.env, DPKG_ROOT: system, XDG_CONFIG_HOME: undefined },
          stdio: 'pipe',
        })
      }
      return { rpm, scriptlet, path: (name) => join(system, name) }
    }

    function install({ rpm, scriptlet }) {
      scriptlet('PREIN', file, 1)
      rpm('-i', file)
      scriptlet('POSTTRANS', file, 1)
    }

    test('leaves no process, no file and no line in the SSH config when it is removed', async () => {
      const system = newSystem()
      const { rpm, scriptlet, path } = system
      install(system)
      const child = spawn(path('usr/lib/podkeeper/podkeeper'), ['1000'], { stdio: 'ignore' })
      onTestFinished(() => void child.kill('SIGKILL'))
      const ended = once(child, 'exit')
      const line = `Include "${path('root/.ssh/podkeeper.d/*.config')}"`
      writeFileSync(path('root/.ssh/config'), `${line}\nHost mine\n`, { mode: 0o600 })
      scriptlet('PREUN', file, 0)
      rpm('-e', 'podkeeper')
      scriptlet('POSTUN', file, 0)
      expect((await ended)[1]).toBe('SIGTERM')
      expect(readFileSync(path('root/.ssh/config'), 'utf8')).toBe('Host mine\n')
      expect(existsSync(path('usr/lib/podkeeper'))).toBe(false)
      expect(existsSync(path('usr/bin/podkeeper'))).toBe(false)
    })

    test('is upgraded without taking the files of a command that runs, and ends nothing', async () => {
      const system = newSystem()
      const { rpm, scriptlet, path } = system
      install(system)
      const builds = path('usr/lib/podkeeper/cli/builds')
      const [build] = readdirSync(builds)
      const newer = await newerPackage(build, '9.0.0-new')
      const child = spawn(path('usr/lib/podkeeper/podkeeper'), ['1000'], { stdio: 'ignore' })
      onTestFinished(() => void child.kill('SIGKILL'))
      await once(child, 'spawn')
      scriptlet('PREIN', newer, 2)
      rpm('-U', newer)
      scriptlet('PREUN', file, 1)
      scriptlet('POSTUN', file, 1)
      scriptlet('POSTTRANS', newer, 2)
      expect(child.exitCode ?? child.signalCode).toBeNull()
      expect(readdirSync(builds).sort()).toEqual([build, '9.0.0-new'])
      expect(existsSync(join(builds, build, 'node_modules/ssh2/lib/index.js'))).toBe(true)
      expect(readdirSync(path('usr/lib/podkeeper/cli')).sort()).toEqual(['builds', 'podkeeper.mjs'])
      child.kill('SIGKILL')
      scriptlet('PREUN', newer, 0)
      rpm('-e', 'podkeeper')
      scriptlet('POSTUN', newer, 0)
      expect(existsSync(path('usr/lib/podkeeper'))).toBe(false)
    })

    /** A later version, whose build has another name. */
    async function newerPackage(build, newBuild) {
      const folder = join(mkdtempSync(join(tmpdir(), 'podkeeper-newer-')), 'package')
      run('dpkg-deb', '-R', debianPackage, folder)
      const control = join(folder, 'DEBIAN/control')
      writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, 'Version: 9.0.0'))
      const builds = join(folder, 'usr/lib/podkeeper/cli/builds')
      renameSync(join(builds, build), join(builds, newBuild))
      run('dpkg-deb', '-Znone', '-b', folder, `${folder}.deb`)
      return makeRpmPackage({ debianPackage: `${folder}.deb`, payload: PAYLOAD })
    }
  })
})
