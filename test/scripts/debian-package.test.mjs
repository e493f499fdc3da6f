import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { useRealCli } from '../harness/cli/real-program'
import { debianPackageOfStandIn } from '../harness/packages/stand-in.mjs'

/*
 * The real package, made with Debian's own programs, of a small stand-in for Electron and of the real command line. It is
 * installed into a folder of its own, where its scripts run as they do on a system.
 */

useRealCli()

const isInstalled = (program) => spawnSync(program, ['--version']).error === undefined
const version = JSON.parse(readFileSync('package.json', 'utf8')).version
const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' })

describe.runIf(process.platform === 'linux' && isInstalled('dpkg-deb'))('the Debian package', () => {
  let file
  let content
  beforeAll(async () => {
    file = await debianPackageOfStandIn()
    content = mkdtempSync(join(tmpdir(), 'podkeeper-content-'))
    run('dpkg-deb', '-x', file, content)
  })
  const textOf = (path) => readFileSync(join(content, path), 'utf8')
  const modeOf = (path) => (statSync(join(content, path)).mode & 0o7777).toString(8)

  test('says what it is and what it needs', () => {
    expect(file).toMatch(new RegExp(`/podkeeper_${version}_amd64\\.deb$`))
    const field = (name) => run('dpkg-deb', '-f', file, name).trim()
    expect([field('Package'), field('Version'), field('Architecture')]).toEqual([
      'podkeeper',
      version,
      'amd64',
    ])
    expect(field('Recommends')).toContain('nodejs (>= 20.19)')
    expect(field('Depends')).toMatch(/libnss3.*libasound2t64 \| libasound2/)
  })

  test('belongs to root, and others can read but not write what it installs', () => {
    const entries = run('dpkg-deb', '-c', file).trimEnd().split('\n')
    expect(entries.filter((line) => !/^\S+ root\/root /.test(line))).toEqual([])
    expect(entries.filter((line) => !/^(l|.r..r-.r-.) /.test(line))).toEqual([])
    expect(entries.filter((line) => /^\S*s/.test(line)).map((line) => line.split(' ').at(-1))).toEqual([
      './usr/lib/podkeeper/chrome-sandbox',
    ])
    expect(modeOf('usr/lib/podkeeper/chrome-sandbox')).toBe('4755')
    expect(modeOf('usr/bin/podkeeper')).toBe('755')
  })

  test('has its icon in all sizes, and its license', () => {
    const icons = join(content, 'usr/share/icons/hicolor')
    expect(readdirSync(icons).sort()).toEqual(
      ['scalable', ...[16, 22, 24, 32, 48, 64, 128, 256, 512].map((size) => `${size}x${size}`)].sort(),
    )
    const png = readFileSync(join(icons, '48x48/apps/podkeeper.png'))
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([48, 48])
    expect(textOf('usr/share/doc/podkeeper/copyright')).toMatch(/^MIT License[\s\S]*Licenses of npm packages/)
  })

  test('opens links as no switch, and has actions for the menu of its icon', () => {
    const entry = textOf('usr/share/applications/podkeeper.desktop')
    expect(entry).toContain('\nExec=/usr/lib/podkeeper/podkeeper -- %u\n')
    expect(entry).toContain('\nMimeType=x-scheme-handler/podkeeper;\n')
    const actions = [
      ...entry.matchAll(/^\[Desktop Action (\S+)\]\nName=.+\nExec=\/usr\/lib\/podkeeper\/podkeeper ?(.*)$/gm),
    ]
    expect(actions.map(([, name, args]) => [name, args])).toEqual([
      ['open', ''],
      ['pause-alerts', '--pause-alerts'],
      ['quit', '--quit'],
    ])
    expect(entry).toContain('\nActions=open;pause-alerts;quit;\n')
  })

  // Not part of the set-up: they bring a desktop's libraries.
  test.skipIf(!isInstalled('desktop-file-validate'))('has a menu entry that is valid', () => {
    expect(run('desktop-file-validate', join(content, 'usr/share/applications/podkeeper.desktop'))).toBe('')
  })
  test.skipIf(!isInstalled('appstreamcli'))('has metadata that are valid', () => {
    const metadata = join(content, 'usr/share/metainfo/podkeeper.metainfo.xml')
    // The project has no address of its own yet.
    const overrides = '--override=cid-desktopapp-is-not-rdns=info,url-homepage-missing=info'
    expect(run('appstreamcli', 'validate', '--no-net', overrides, metadata)).toMatch(/successful/)
  })

  test('says of itself what it is, so that the app knows who updates it', () => {
    expect(textOf('usr/lib/podkeeper/resources/package-type')).toBe('deb')
  })

  test('describes its version and date to software centers', () => {
    expect(textOf('usr/share/metainfo/podkeeper.metainfo.xml')).toMatch(
      new RegExp(`<release version="${version}" date="20\\d\\d-\\d\\d-\\d\\d"/>`),
    )
  })

  test('has the completions of its command, and a unit that starts it', () => {
    expect(textOf('usr/share/bash-completion/completions/podkeeper')).toMatch(/complete .*podkeeper\n/)
    expect(textOf('usr/share/zsh/vendor-completions/_podkeeper')).toMatch(/^#compdef podkeeper\n/)
    expect(textOf('usr/share/fish/vendor_completions.d/podkeeper.fish')).toContain('complete -c podkeeper')
    expect(textOf('usr/lib/systemd/user/podkeeper.service')).toContain(
      '\nExecStart=/usr/bin/podkeeper serve --log json\n',
    )
  })

  test('has everything that its command loads, without source maps or programs of other systems', () => {
    const cli = join(content, 'usr/lib/podkeeper/cli')
    expect(run(process.execPath, join(cli, 'podkeeper.mjs'), '--version')).toBe(`${version}\n`)
    const [build] = readdirSync(join(cli, 'builds'))
    const modules = join(cli, 'builds', build, 'node_modules')
    const script = `import(process.argv[1] + '/ssh2/lib/index.js').then(() => import(process.argv[1] + '/node-notifier/index.js')).then(() => console.log('loaded'))`
    expect(run(process.execPath, '-e', script, modules)).toBe('loaded\n')
    const files = readdirSync(cli, { recursive: true })
    expect(files.filter((name) => /\.(map|exe|dylib|node)$/.test(name))).toEqual([])
  })

  test('has a command that says what it needs where there is no Node.js', () => {
    const program = join(content, 'usr/bin/podkeeper')
    const { status, stderr } = spawnSync('/bin/sh', [program, '--version'], {
      encoding: 'utf8',
      env: { PATH: '' },
    })
    expect([status, stderr]).toEqual([
      1,
      'The podkeeper command needs Node.js 20.19 or newer: install the package nodejs\n',
    ])
  })

  describe.runIf(process.getuid?.() === 0)('when installed', () => {
    /** A system of its own, whose scripts run against it. */
    function newSystem({ hasRestriction = false } = {}) {
      const system = mkdtempSync(join(tmpdir(), 'podkeeper-system-'))
      onTestFinished(() => rmSync(system, { recursive: true, force: true }))
      for (const folder of [
        'var/lib/dpkg/info',
        'var/lib/dpkg/updates',
        'etc/apparmor.d',
        'root/.ssh',
        'bin',
      ])
        mkdirSync(join(system, folder), { recursive: true })
      writeFileSync(join(system, 'var/lib/dpkg/status'), '')
      writeFileSync(join(system, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nmail:x:8:8::/root:/bin/sh\n')
      if (hasRestriction) {
        mkdirSync(join(system, 'proc/sys/kernel'), { recursive: true })
        writeFileSync(join(system, 'proc/sys/kernel/apparmor_restrict_unprivileged_userns'), '1\n')
      }
      const parser = join(system, 'bin/apparmor_parser')
      writeFileSync(parser, `#!/bin/sh\n! [ -e "${system}/old" ]\n`)
      chmodSync(parser, 0o755)
      const dpkg = async (...args) => {
        const { stdout } = await promisify(execFile)(
          'dpkg',
          [
            `--root=${system}`,
            ...['script-chrootless', 'depends', 'unsafe-io', 'bad-path'].map((name) => `--force-${name}`),
            ...args,
          ],
          {
            env: {
              ...process.env,
              PATH: `${join(system, 'bin')}:${process.env.PATH}`,
              XDG_CONFIG_HOME: undefined,
            },
          },
        )
        return stdout
      }
      return { dpkg, path: (name) => join(system, name) }
    }

    /** Returns what ended it, once it did. */
    async function start(program, argv0 = program) {
      const child = spawn(program, ['1000'], { argv0, stdio: 'ignore' })
      onTestFinished(() => void child.kill('SIGKILL'))
      const signal = new Promise((ended) => child.on('exit', (_code, by) => ended(by)))
      await once(child, 'spawn')
      return { child, signal }
    }

    test('leaves no process, no file and no line in the SSH config when it is removed', async () => {
      const { dpkg, path } = newSystem()
      await dpkg('-i', file)
      const app = await start(path('usr/lib/podkeeper/podkeeper'))
      const part = await start(path('usr/lib/podkeeper/podkeeper'), 'podkeeper --type=gpu-process')
      // As parts do when their app is gone.
      void app.signal.then(() => part.child.kill('SIGHUP'))
      const other = await start('/usr/bin/sleep')
      const line = `Include "${path('root/.ssh/podkeeper.d/*.config')}"`
      writeFileSync(path('root/.ssh/config'), `${line}\nHost mine\n  HostName example.com\n`, { mode: 0o600 })
      mkdirSync(path('root/.config/Podkeeper'), { recursive: true })
      writeFileSync(path('root/.config/Podkeeper/config.json'), '{}')

      await dpkg('-r', 'podkeeper')
      expect(await app.signal).toBe('SIGTERM')
      expect(await part.signal).toBe('SIGHUP')
      expect(other.child.signalCode).toBeNull()
      expect(readFileSync(path('root/.ssh/config'), 'utf8')).toBe('Host mine\n  HostName example.com\n')
      expect(existsSync(path('usr/lib/podkeeper'))).toBe(false)
      expect(existsSync(path('usr/bin/podkeeper'))).toBe(false)
      expect(await dpkg('--purge', 'podkeeper')).toContain('stay with each user, in ~/.config/Podkeeper')
      expect(readFileSync(path('root/.config/Podkeeper/config.json'), 'utf8')).toBe('{}')
    })

    test('is upgraded without taking the files of a command that runs', async () => {
      const { dpkg, path } = newSystem()
      await dpkg('-i', file)
      const builds = path('usr/lib/podkeeper/cli/builds')
      const [build] = readdirSync(builds)
      await dpkg('-i', newerPackage(build, '9.0.0-new'))
      expect(readdirSync(builds).sort()).toEqual([build, '9.0.0-new'])
      expect(existsSync(join(builds, build, 'node_modules/ssh2/lib/index.js'))).toBe(true)
      expect(readdirSync(path('usr/lib/podkeeper/cli')).sort()).toEqual(['builds', 'podkeeper.mjs'])
      await dpkg('-r', 'podkeeper')
      expect(existsSync(path('usr/lib/podkeeper'))).toBe(false)
    })

    /** The same package as a later version, whose build has another name. */
    function newerPackage(build, newBuild) {
      const folder = join(mkdtempSync(join(tmpdir(), 'podkeeper-newer-')), 'package')
      run('dpkg-deb', '-R', file, folder)
      const control = join(folder, 'DEBIAN/control')
      writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, 'Version: 9.0.0'))
      const builds = join(folder, 'usr/lib/podkeeper/cli/builds')
      renameSync(join(builds, build), join(builds, newBuild))
      run('dpkg-deb', '-Znone', '-b', folder, `${folder}.deb`)
      return `${folder}.deb`
    }

    test('has an AppArmor profile only where the system restricts user namespaces and can read it', async () => {
      const profile = 'etc/apparmor.d/podkeeper'
      const plain = newSystem()
      await plain.dpkg('-i', file)
      expect(existsSync(plain.path(profile))).toBe(false)

      const old = newSystem({ hasRestriction: true })
      writeFileSync(old.path('old'), '')
      await old.dpkg('-i', file)
      expect(existsSync(old.path(profile))).toBe(false)

      const restricting = newSystem({ hasRestriction: true })
      await restricting.dpkg('-i', file)
      expect(readFileSync(restricting.path(profile), 'utf8')).toMatch(
        /profile podkeeper \/usr\/lib\/podkeeper\/podkeeper .*\{\n {2}userns,/,
      )
      await restricting.dpkg('-r', 'podkeeper')
      expect(existsSync(restricting.path(profile))).toBe(false)
    })
  })
})
