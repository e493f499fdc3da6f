import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { makeAptRepository } from '../../scripts/lib/release/apt-repository.mjs'

/*
 * A repository with throwaway keys, made by Debian's own programs and read over HTTP by the real apt-get, which has
 * folders of its own.
 */
const missing = ['apt-get', 'apt-ftparchive', 'dpkg-deb', 'gpg'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
)
const title = `the apt repository${missing.length > 0 ? `, which needs ${missing.join(', ')}` : ''}`

const nowMs = Date.now()
const DISTRIBUTION = 'dists/stable'
const newFolder = (name) => mkdtempSync(join(tmpdir(), `podkeeper-${name}-`))

describe.skipIf(missing.length > 0)(title, () => {
  const gnupg = newFolder('gpg')
  let repository
  let fingerprint
  let foreignFingerprint
  beforeAll(async () => {
    // The program under test finds its keys there.
    process.env['GNUPGHOME'] = gnupg
    fingerprint = newKey('releases')
    foreignFingerprint = newKey('someone else')
    repository = newFolder('apt')
    await publish(repository, [newPackage('1.0.0')], { nowMs: nowMs - 60_000 })
    await publish(repository, [newPackage('1.1.0')])
  })
  afterAll(() => {
    spawnSync('gpgconf', ['--homedir', gnupg, '--kill', 'gpg-agent'])
    rmSync(gnupg, { recursive: true, force: true })
    delete process.env['GNUPGHOME']
  })

  function newKey(name) {
    const flags = ['--batch', '--quiet', '--passphrase', '', '--status-fd', '1']
    const args = ['--quick-generate-key', `Podkeeper ${name} <none@example.com>`, 'ed25519', 'sign', '1d']
    const output = execFileSync('gpg', [...flags, ...args], { encoding: 'utf8', stdio: 'pipe' })
    return /KEY_CREATED \w ([0-9A-F]{40})/.exec(output)[1]
  }

  /** A package with nothing in it but what apt asks for. */
  function newPackage(version, { name = 'podkeeper', text = 'same' } = {}) {
    const folder = newFolder('package')
    mkdirSync(join(folder, 'content/DEBIAN'), { recursive: true, mode: 0o755 })
    const fields = [
      `Package: ${name}`,
      `Version: ${version}`,
      'Architecture: amd64',
      'Maintainer: Test <none@example.com>',
      `Description: ${text}`,
      '',
    ]
    writeFileSync(join(folder, 'content/DEBIAN/control'), fields.join('\n'))
    const file = join(folder, `${name}.deb`)
    execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '-b', join(folder, 'content'), file], {
      stdio: 'pipe',
      env: { ...process.env, SOURCE_DATE_EPOCH: '1700000000' },
    })
    return file
  }

  const publish = (folder, files, options = {}) =>
    makeAptRepository({
      folder,
      files,
      fingerprint,
      url: 'https://apt.example',
      days: 30,
      nowMs,
      ...options,
    })

  /** The repository, changed by `change` on its way to a computer that trusts its key. */
  async function computerWith(change = async () => {}) {
    const served = newFolder('served')
    cpSync(repository, served, { recursive: true })
    await change(served)
    const requests = []
    const server = createServer(({ url }, response) => {
      requests.push(url)
      try {
        response.end(readFileSync(join(served, url)))
      } catch {
        response.writeHead(404).end()
      }
    })
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    const folder = newFolder('computer')
    onTestFinished(() => {
      server.close()
      for (const one of [served, folder]) rmSync(one, { recursive: true, force: true })
    })
    return { ...computerAt(folder, `http://127.0.0.1:${server.address().port}`), requests, served }
  }

  function computerAt(folder, url) {
    const path = (name) => join(folder, name)
    for (const name of [
      'etc/sources',
      'etc/apt.conf.d',
      'etc/preferences.d',
      'lists/partial',
      'archives/partial',
      'work',
    ])
      mkdirSync(path(name), { recursive: true })
    writeFileSync(path('status'), '')
    cpSync(join(repository, 'podkeeper.asc'), path('podkeeper.asc'))
    const source = readFileSync(join(repository, 'podkeeper.sources'), 'utf8')
      .replace('https://apt.example', url)
      .replace('/etc/apt/keyrings/podkeeper.asc', path('podkeeper.asc'))
    writeFileSync(path('etc/sources/podkeeper.sources'), source)
    const options = [
      `Dir::Etc ${path('etc')}`,
      `Dir::Etc::sourcelist ${path('none')}`,
      `Dir::Etc::sourceparts ${path('etc/sources')}`,
      `Dir::State ${folder}`,
      `Dir::State::lists ${path('lists')}`,
      `Dir::State::status ${path('status')}`,
      `Dir::Cache ${folder}`,
      `Dir::Cache::archives ${path('archives')}`,
      // Nothing here belongs to apt's own user.
      'APT::Sandbox::User root',
      'APT::Architecture amd64',
      'Acquire::http::Proxy DIRECT',
      'Acquire::Retries 0',
    ]
    const config = path('apt.conf')
    writeFileSync(config, options.map((one) => `${one.replace(/ (.*)$/, ' "$1"')};\n`).join(''))
    const environment = { ...process.env, APT_CONFIG: config, LC_ALL: 'C.UTF-8' }
    const ask = async (program, ...args) => {
      try {
        const { stdout, stderr } = await promisify(execFile)(program, args, {
          cwd: path('work'),
          env: environment,
        })
        return { code: 0, output: stdout + stderr }
      } catch ({ code, stdout, stderr }) {
        return { code, output: stdout + stderr }
      }
    }
    return {
      update: () => ask('apt-get', 'update', '-o', 'APT::Update::Error-Mode=any'),
      download: () => ask('apt-get', 'download', 'podkeeper'),
      known: async () => (await ask('apt-cache', 'madison', 'podkeeper')).output,
      downloaded: () => readdirSync(path('work')),
      bytesOf: (name) => readFileSync(join(path('work'), name)),
    }
  }

  /** Changes one byte of the text that matches. */
  function tamper(folder, name, from, to) {
    const file = join(folder, name)
    const bytes = readFileSync(file, 'latin1')
    expect(bytes).toContain(from)
    writeFileSync(file, bytes.replace(from, to), 'latin1')
  }

  async function expectRefusal(change, reason) {
    const computer = await computerWith(change)
    const { code, output } = await computer.update()
    expect([code, output]).toEqual([100, expect.stringMatching(reason)])
    expect(await computer.known()).not.toMatch(/\d\.\d\.\d/)
    await computer.download()
    expect(computer.downloaded()).toEqual([])
  }

  test('is verified by apt with the key of its source alone, which downloads the newest version', async () => {
    const computer = await computerWith()
    expect(await computer.update()).toEqual({ code: 0, output: expect.not.stringMatching(/^[WE]:/m) })
    expect((await computer.known()).match(/1\.\d\.0/g)).toEqual(['1.1.0', '1.0.0'])
    expect((await computer.download()).code).toBe(0)
    expect(computer.downloaded()).toEqual(['podkeeper_1.1.0_amd64.deb'])
    expect(computer.bytesOf('podkeeper_1.1.0_amd64.deb')).toEqual(
      readFileSync(join(repository, 'pool/main/p/podkeeper/podkeeper_1.1.0_amd64.deb')),
    )
    expect(computer.requests).toContainEqual(expect.stringContaining('/by-hash/SHA256/'))
  })

  test('a package that was tampered with is no package for apt', async () => {
    const computer = await computerWith(async (served) =>
      tamper(served, 'pool/main/p/podkeeper/podkeeper_1.1.0_amd64.deb', 'debian-binary', 'debian-bineru'),
    )
    expect((await computer.update()).code).toBe(0)
    const { code, output } = await computer.download()
    expect([code, output]).toEqual([100, expect.stringMatching(/Hash Sum mismatch|unexpected size/)])
    expect(computer.downloaded()).toEqual(['podkeeper_1.1.0_amd64.deb.FAILED'])
  })

  test('an index that was tampered with is refused', () =>
    expectRefusal(async (served) => {
      const index = `${DISTRIBUTION}/main/binary-amd64`
      for (const hash of readdirSync(join(served, index, 'by-hash/SHA256')))
        writeFileSync(join(served, index, 'by-hash/SHA256', hash), 'Package: podkeeper\nVersion: 9.0.0\n')
    }, /Hash Sum mismatch|unexpected size/))

  test('a release that was tampered with is refused', () =>
    expectRefusal(async (served) => {
      for (const name of ['InRelease', 'Release'])
        tamper(served, `${DISTRIBUTION}/${name}`, 'Label: Podkeeper', 'Label: Podkeeped')
    }, /signature|not signed/i))

  test('a release without a signature is refused', () =>
    expectRefusal(async (served) => {
      for (const name of ['InRelease', 'Release.gpg']) rmSync(join(served, DISTRIBUTION, name))
    }, /not signed/))

  test('a release that has expired is refused', () =>
    expectRefusal(
      (served) => publish(served, [], { nowMs: nowMs - 31 * 86_400_000 }),
      /Release file .* expired|not valid anymore/,
    ))

  test('a release that another key signed is refused, although that key is served, too', () =>
    expectRefusal(
      (served) => publish(served, [], { fingerprint: foreignFingerprint }),
      /signature|not signed|NO_PUBKEY|Missing key/i,
    ))

  test('the index that the release before names is still there, and no older one', async () => {
    const index = join(repository, DISTRIBUTION, 'main/binary-amd64/by-hash/SHA256')
    const before = readdirSync(index)
    const { served } = await computerWith(async (folder) => {
      await publish(folder, [newPackage('1.2.0')])
      await publish(folder, [newPackage('1.3.0')])
    })
    const after = readdirSync(join(served, DISTRIBUTION, 'main/binary-amd64/by-hash/SHA256'))
    expect([before.length, after.length]).toEqual([4, 4])
    expect(after.filter((hash) => before.includes(hash))).toEqual([])
  })

  test('the same packages, key and time give the same release', async () => {
    const releaseOf = (folder) => readFileSync(join(folder, DISTRIBUTION, 'Release'), 'utf8')
    const [first, second] = [newFolder('apt'), newFolder('apt')]
    for (const folder of [first, second]) await publish(folder, [newPackage('1.0.0')])
    expect(releaseOf(first)).toBe(releaseOf(second))
    await publish(first, [])
    expect(releaseOf(first)).toBe(releaseOf(second))
  })

  test('a version never gets other bytes, and a package of another name stays out', async () => {
    const before = readFileSync(join(repository, DISTRIBUTION, 'InRelease'), 'utf8')
    await expect(publish(repository, [newPackage('1.1.0', { text: 'other' })])).rejects.toThrow(
      'podkeeper_1.1.0_amd64.deb was published with other bytes. A change needs a new version.',
    )
    await expect(
      publish(repository, [newPackage('1.2.0', { name: 'podkeeper-test-build' })]),
    ).rejects.toThrow('podkeeper-test-build.deb is podkeeper-test-build, not podkeeper.')
    expect(readFileSync(join(repository, DISTRIBUTION, 'InRelease'), 'utf8')).toBe(before)
  })

  test('a key that is not there, or not named by its fingerprint, is said', async () => {
    await expect(publish(newFolder('apt'), [], { fingerprint: 'Podkeeper' })).rejects.toThrow(
      'The key is given by its fingerprint',
    )
    await expect(publish(newFolder('apt'), [], { fingerprint: 'A'.repeat(40) })).rejects.toThrow(
      `gpg has no secret key ${'A'.repeat(40)}.`,
    )
  })
})
