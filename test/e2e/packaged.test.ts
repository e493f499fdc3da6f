import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
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
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { extractFile, listPackage } from '@electron/asar'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { appBuildFolder } from '../../scripts/lib/build.mjs'
import { FULL_KEY } from '../../src/simulator/simulator'
import { openScene, type Scene } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * The package built by `npm run package -- --for-tests`, tested from outside: it doesn't accept a debugger, so tests
 * use its tray and key presses, as a user would.
 */
const root = resolve(import.meta.dirname, '../..')
const folder = join(root, 'dist/Podkeeper-test-build-linux-x64')
const executable = join(folder, 'podkeeper-test-build')
const archive = join(folder, 'resources/app.asar')

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the package', () => {
  let files: string[]
  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/package.mjs', '--for-tests', '--no-build'], {
      cwd: root,
    })
    files = listPackage(archive, { isPack: false })
      .map((path) => path.slice(1))
      .filter((path) => !('files' in statOf(path)))
  })
  afterAll(() => {
    for (const path of [folder, `${folder}.cdx.json`]) rmSync(path, { recursive: true, force: true })
  })

  const statOf = (path: string): object => {
    const { statFile } = createRequire(import.meta.url)('@electron/asar') as typeof import('@electron/asar')
    return statFile(archive, path)
  }
  const textOf = (path: string): string => extractFile(archive, path).toString('utf8')

  test('contains the build output and nothing else', () => {
    const expected = [
      /^package\.json$/,
      /^LICENSE$/,
      /^out\/licenses\.txt$/,
      /^out\/changelog\.md$/,
      /^out\/main\/(index|notify|terminal|unlock)\.js$/,
      /^out\/main\/chunks\/[\w-]+\.js$/,
      /^out\/preload\/(index|confirm)\.js$/,
      /^out\/renderer\/(index|window|confirm|recovery)\.html$/,
      /^out\/renderer\/assets\/[\w-]+\.(js|css|woff2)$/,
      /^out\/icons\/[a-z-]+-\d+\.png$/,
    ]
    expect(files.filter((path) => !expected.some((pattern) => pattern.test(path)))).toEqual([])
    const built = readdirSync(appBuildFolder(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.map$|^built$|^in-use$/.test(entry.name))
      .map((entry) => join('out', relative(appBuildFolder(), join(entry.parentPath, entry.name))))
    expect([...files].sort()).toEqual([...built, 'package.json', 'LICENSE'].sort())
    expect(readdirSync(join(folder, 'resources'))).toEqual(['app.asar'])
  })

  test('has a package.json with only what it needs to start', () => {
    expect(JSON.parse(textOf('package.json'))).toEqual({
      name: 'podkeeper',
      productName: 'Podkeeper-test-build',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      description: expect.any(String),
      license: 'MIT',
      author: 'The Podkeeper authors',
      main: './out/main/index.js',
    })
  })

  test('has the licenses of all that it contains, and a list of its parts', () => {
    const licenses = textOf('out/licenses.txt')
    const packages = [...licenses.matchAll(/^(@?[\w./-]+) (\d[\w.-]*) \((.+)\)$/gm)]
    expect(packages.map(([, name]) => name)).toEqual(
      expect.arrayContaining(['react', 'electron-store', 'ssh2', 'valibot', '@fontsource-variable/inter']),
    )
    const known = /^(MIT|MIT\/X11|ISC|BSD-[23]-Clause|Apache-2\.0|Apache2|OFL-1\.1|Unlicense|0BSD)( or |$)/
    const isKnown = (license = ''): boolean => license.split(' or ').every((one) => known.test(one))
    expect(packages.filter(([, , , license]) => !isKnown(license))).toEqual([])
    const sbom = JSON.parse(readFileSync(`${folder}.cdx.json`, 'utf8')) as {
      components: readonly { name: string; version: string }[]
    }
    const listed = sbom.components.map(({ name, version }) => `${name} ${version}`)
    expect(listed).toEqual(
      expect.arrayContaining(packages.map(([, name, packageVersion]) => `${name} ${packageVersion}`)),
    )
    expect(listed).toContainEqual(expect.stringMatching(/^electron \d+\./))
  })

  test('contains no source map, no test, and no path of the build machine', () => {
    for (const path of files.filter((name) => /\.(js|css|html|json)$/.test(name))) {
      const text = textOf(path)
      expect([path, text.includes('sourceMappingURL')]).toEqual([path, false])
      expect([path, /vitest|playwright|fast-check/.test(text)]).toEqual([path, false])
      expect([path, text.includes(root)]).toEqual([path, false])
    }
  })

  test('contains no plain http address that it could call', () => {
    // Identifiers of XML, JSON Schema and D-Bus, a library's own address and that of its mock (none of them
    // requested), the demo's simulator, a forward's own address on this computer, and prefixes of addresses that are parsed.
    const known =
      /^(http:\/\/www\.w3\.org\/|http:\/\/json-schema\.org\/|http:\/\/www\.freedesktop\.org\/standards\/|http:\/\/github\.com\/mscdex\/|http:\/\/127\.0\.0\.1:\$\{|http:\/\/\$\{address\}:\$\{localPort\}|http:\/\/localhost:9999$|http:\/\/\$\{text\}|http:\/\/$)/
    const found = files
      .filter((path) => /\.(js|css|html)$/.test(path))
      .flatMap((path) =>
        [...textOf(path).matchAll(/["'`]((?:http|ws):\/\/[^"'`\s)]*)/g)].map(([, url]) => url ?? ''),
      )
    expect(found.filter((url) => !known.test(url))).toEqual([])
  })

  test('has its fuses set, as read from the binary', async () => {
    const wire = await getCurrentFuseWire(executable)
    const isOn = (fuse: FuseV1Options): boolean | undefined =>
      fuse in wire ? (wire[fuse] as number) === '1'.charCodeAt(0) : undefined
    expect(isOn(FuseV1Options.RunAsNode)).toBe(false)
    expect(isOn(FuseV1Options.EnableCookieEncryption)).toBe(false)
    expect(isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false)
    expect(isOn(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false)
    expect(isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(false)
    expect(isOn(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true)
    expect(isOn(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot)).toBe(false)
    // Older versions of Electron don't have this one.
    expect([false, undefined]).toContain(isOn(FuseV1Options.GrantFileProtocolExtraPrivileges))
  })

  describe('when started', () => {
    let scene: Scene | undefined
    const children: ChildProcess[] = []
    afterEach(async () => {
      for (const child of children.splice(0)) {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      }
      await scene?.close()
      scene = undefined
    })

    const isShown = ({ running }: Scene): Promise<boolean> =>
      running.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().some((one) => one.isVisible()),
      )

    const newData = (): string => mkdtempSync(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'packaged-'))

    function start(args: readonly string[] = [], env: Record<string, string> = {}, data = newData()) {
      const switches = process.getuid?.() === 0 ? ['--no-sandbox'] : []
      const child = spawn(executable, [...switches, `--user-data-dir=${data}`, ...args], {
        cwd: data,
        env: { ...process.env, ...env },
      })
      children.push(child)
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (chunk: string) => {
          output += chunk
        })
      return { pid: child.pid ?? -1, data, output: () => output, exitCode: () => child.exitCode }
    }

    test('polls, displays, and does what the menu of its icon asks, with tray, window and key field', async () => {
      scene = await openScene({ pods: [{ id: 'pod-1', name: 'llama', mode: 'training' }] })
      await scene.running.app.evaluate(({ clipboard }, key) => clipboard.writeText(key), FULL_KEY)
      // This other app only serves the clipboard and must not take the focus.
      await waitUntil('its window', () => isShown(scene!))
      await scene.running.app.evaluate(({ BrowserWindow }) => {
        for (const one of BrowserWindow.getAllWindows()) one.hide()
      })
      const app = start([], { RUNPOD_API_BASE_URL: `${scene.runpod.url}/v2` })
      const tray = await TrayItem.of(app)
      expect(await tray.iconHash()).toMatch(/^[0-9a-f]{16}$/)
      const window = await waitUntil('its window', () => windowOf(app.pid))
      const pods = await waitUntil('the pods in its menu', async () => {
        // The key field has the focus.
        execFileSync('xdotool', ['windowactivate', '--sync', window, 'key', 'ctrl+v'])
        return (await tray.menu()).find(({ label }) => label.startsWith('llama'))
      })
      expect(pods.children.length).toBeGreaterThan(0)
      expect(existsSync(join(app.data, 'config.json'))).toBe(true)
      const startAgain = async (...args: readonly string[]): Promise<void> => {
        const { exitCode } = start(args, {}, app.data)
        await waitUntil('the end of another start', () => exitCode() === 0)
      }
      const canResume = async (): Promise<boolean> =>
        (await tray.menu()).some(({ label }) => label.startsWith('Resume alerts'))
      // What follows two dashes comes from a link.
      await startAgain('--', '--pause-alerts')
      expect(await canResume()).toBe(false)
      await startAgain('--pause-alerts')
      await waitUntil('the pause', canResume)
      await startAgain('--quit')
      await waitUntil('its end', () => app.exitCode() !== null)
      expect(app.exitCode()).toBe(0)
      tray.disconnect()
      // Nothing is started to be ended.
      await startAgain('--quit')
    })

    test('cannot be turned into Node or opened to a debugger by environment or switches', async () => {
      const marks = mkdtempSync(join(tmpdir(), 'podkeeper-marks-'))
      const script = join(marks, 'mark.js')
      const mark = (name: string): string => join(marks, name)
      writeFileSync(script, `require('node:fs').writeFileSync(process.env.MARK, 'was here')`)
      // Verifies the check itself: an Electron without fuses fails it.
      execFileSync(process.env['PODKEEPER_ELECTRON'] ?? '', [script], {
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', MARK: mark('trap') },
      })
      expect(existsSync(mark('trap'))).toBe(true)

      const app = start(['--inspect=0', '--inspect-brk=0', script], {
        ELECTRON_RUN_AS_NODE: '1',
        NODE_OPTIONS: `--require ${script}`,
        MARK: mark('package'),
      })
      // So it is the app and not Node, and it didn't wait for a debugger.
      const tray = await TrayItem.of(app)
      await waitUntil('its window', () => windowOf(app.pid))
      expect(existsSync(mark('package'))).toBe(false)
      expect(app.output()).not.toMatch(/Debugger listening|DevTools listening/)
      expect(listeningPorts(app.pid)).toEqual([])
      tray.disconnect()
    })

    test.each([
      '--remote-debugging-port=0',
      '--remote-debugging-pipe',
      '--disable-web-security',
      '--renderer-cmd-prefix=/bin/true',
      '-single-process',
      '--log-net-log=net.json',
      '--js-flags=--expose-gc',
    ])('does not start with %s and says why', async (given) => {
      const app = start([given])
      await waitUntil('its end', () => app.exitCode() !== null)
      expect(app.exitCode()).toBe(1)
      const reason = `Podkeeper does not start with --${given.split('=')[0]?.replace(/^-+/, '')}.`
      // What it wrote may arrive after its end.
      await expect.poll(() => app.output()).toContain(reason)
      expect(readdirSync(app.data).filter((name) => /config|intents/.test(name))).toEqual([])
    })

    test('does not run code from outside its archive', async () => {
      const marks = mkdtempSync(join(tmpdir(), 'podkeeper-marks-'))
      const other = join(folder, 'resources/app')
      mkdirSync(other)
      writeFileSync(join(other, 'package.json'), '{"name":"other","main":"main.js"}')
      writeFileSync(join(other, 'main.js'), `require('node:fs').writeFileSync(process.env.MARK, 'was here')`)
      renameSync(archive, `${archive}.away`)
      try {
        const app = start([], { MARK: join(marks, 'other') })
        await waitUntil(
          'its end',
          () => app.exitCode() !== null || /app\.asar|Unable to find/.test(app.output()),
        )
        expect(existsSync(join(marks, 'other'))).toBe(false)
      } finally {
        renameSync(`${archive}.away`, archive)
        rmSync(other, { recursive: true })
      }
    })
  })
})

/** The X server's id of a process's visible window, as text. */
function windowOf(pid: number): string | null {
  try {
    const found = execFileSync(
      'xdotool',
      ['search', '--onlyvisible', '--pid', String(pid), '--name', '^Podkeeper'],
      {
        encoding: 'utf8',
      },
    )
    return found.split('\n')[0] || null
  } catch {
    return null
  }
}

/** The TCP ports that a process listens on. */
function listeningPorts(pid: number): string[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return (
        /^socket:\[(\d+)\]$/.exec(
          execFileSync('readlink', [`/proc/${pid}/fd/${name}`], { encoding: 'utf8' }).trim(),
        )?.[1] ?? []
      )
    } catch {
      return []
    }
  })
  const LISTENING = '0A'
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTENING && sockets.includes(inode ?? ''))
    .map(([, local]) => local ?? '')
}
