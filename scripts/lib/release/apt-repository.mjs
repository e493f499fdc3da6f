import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { UserError } from '../log.mjs'
import { run, tail } from '../run.mjs'

const DAY_MS = 86_400_000
const SUITE = 'stable'
const POOL = 'pool/main/p/podkeeper'
const DISTRIBUTION = `dists/${SUITE}`
const PROGRAMS = {
  'apt-ftparchive': 'apt-utils',
  'dpkg-deb': 'dpkg',
  gpg: 'gpg',
}

/**
 * Adds the .deb `files` to the apt repository in `folder`, which is made where there is none, and signs it anew with
 * the secret key of that fingerprint in gpg's keyring. Without files it is only signed anew. It counts for `days`.
 *
 * Throws a UserError, with nothing changed, for a package of another name and for other bytes of a version that was published.
 */
export async function makeAptRepository({
  folder,
  files,
  fingerprint,
  url,
  days,
  nowMs,
  packageName = 'podkeeper',
}) {
  await checkPrograms()
  await checkKey(fingerprint)
  const packages = await Promise.all(files.map((file) => describePackage(file, packageName)))
  for (const { file, name } of packages) checkUnpublished(file, join(folder, POOL, name))
  mkdirSync(join(folder, POOL), { recursive: true })
  for (const { file, name } of packages) copyFileSync(file, join(folder, POOL, name))
  const published = readdirSync(join(folder, POOL))
  if (published.length === 0) throw new UserError('The repository has no package yet.')
  const architectures = [...new Set(published.map((name) => /_(\w+)\.deb$/.exec(name)[1]))].sort()
  const earlier = indexHashes(folder)
  for (const one of architectures) await writeIndex(folder, one)
  await writeSource(folder, { url, architectures, fingerprint })
  await sign(folder, fingerprint, await releaseText(folder, { architectures, days, nowMs }))
  removeOldIndexes(folder, [...earlier, ...indexHashes(folder)])
  return { architectures, packages: published }
}

async function checkPrograms() {
  for (const [program, debianPackage] of Object.entries(PROGRAMS)) {
    const { code } = await run(program, ['--version'])
    if (code !== 0)
      throw new UserError(`An apt repository needs ${program}: sudo apt-get install ${debianPackage}`)
  }
}

/** A fingerprint names one key; a name or a short id could be another's. */
async function checkKey(fingerprint) {
  if (!/^[0-9A-F]{40}$/.test(fingerprint))
    throw new UserError(
      'The key is given by its fingerprint: 40 hexadecimal digits, as gpg --list-secret-keys prints.',
    )
  const { code } = await run('gpg', ['--batch', '--list-secret-keys', fingerprint])
  if (code !== 0) throw new UserError(`gpg has no secret key ${fingerprint}.`)
}

async function describePackage(file, packageName) {
  const { code, output } = await run('dpkg-deb', [
    '--show',
    '--showformat=${Package} ${Version} ${Architecture}',
    file,
  ])
  if (code !== 0) throw new UserError(`${file} is no Debian package:\n${tail(output)}`)
  const [name, version, architecture] = output.split(' ')
  if (name !== packageName) throw new UserError(`${basename(file)} is ${name}, not ${packageName}.`)
  return { file, name: `${name}_${version}_${architecture}.deb` }
}

/** Whoever has that version would never get the other bytes. */
function checkUnpublished(file, published) {
  if (existsSync(published) && hashOf(readFileSync(published)) !== hashOf(readFileSync(file)))
    throw new UserError(
      `${basename(published)} was published with other bytes. A change needs a new version.`,
    )
}

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex')

async function writeIndex(folder, architecture) {
  const text = await ask('apt-ftparchive', ['--arch', architecture, '--md5=no', 'packages', 'pool'], folder)
  const place = join(folder, DISTRIBUTION, `main/binary-${architecture}`)
  mkdirSync(join(place, 'by-hash/SHA256'), { recursive: true })
  for (const [name, bytes] of [
    ['Packages', Buffer.from(text)],
    ['Packages.gz', gzipSync(text, { level: 9 })],
  ]) {
    writeFileSync(join(place, 'by-hash/SHA256', hashOf(bytes)), bytes)
    replaceFile(join(place, name), bytes)
  }
}

async function releaseText(folder, { architectures, days, nowMs }) {
  const dateOf = (atMs) => new Date(atMs).toUTCString().replace('GMT', 'UTC')
  const fields = {
    Origin: 'Podkeeper',
    Label: 'Podkeeper',
    Suite: SUITE,
    Codename: SUITE,
    Components: 'main',
    Architectures: architectures.join(' '),
    'Acquire-By-Hash': 'yes',
    Date: dateOf(nowMs),
    'Valid-Until': dateOf(nowMs + days * DAY_MS),
  }
  const settings = [
    // Without these it would list itself, too.
    'Default-Patterns=false',
    'Patterns::=Packages*',
    // apt looks for an index by the strongest hash.
    ...['MD5', 'SHA1', 'SHA512'].map((name) => `${name}=false`),
  ].flatMap((one) => ['-o', `APT::FTPArchive::Release::${one}`])
  const listed = await ask('apt-ftparchive', [...settings, 'release', '.'], join(folder, DISTRIBUTION))
  // apt-ftparchive knows no Valid-Until.
  const hashes = listed.slice(listed.indexOf('SHA256:\n'))
  return `${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')}${hashes}`
}

/** All three are complete before the first is replaced. */
async function sign(folder, fingerprint, text) {
  const path = (name) => join(folder, DISTRIBUTION, name)
  writeFileSync(path('Release.new'), text)
  const flags = ['--batch', '--yes', '--local-user', `${fingerprint}!`, '--digest-algo', 'SHA512']
  await ask('gpg', [...flags, '--clearsign', '--output', path('InRelease.new'), path('Release.new')])
  await ask('gpg', [
    ...flags,
    '--armor',
    '--detach-sign',
    '--output',
    path('Release.gpg.new'),
    path('Release.new'),
  ])
  for (const name of ['Release', 'Release.gpg', 'InRelease']) renameSync(path(`${name}.new`), path(name))
}

/** The public key, and the source that a system adds. */
async function writeSource(folder, { url, architectures, fingerprint }) {
  const key = await ask('gpg', ['--batch', '--armor', '--export', fingerprint])
  replaceFile(join(folder, 'podkeeper.asc'), key)
  replaceFile(
    join(folder, 'podkeeper.sources'),
    [
      'Types: deb',
      `URIs: ${url}`,
      `Suites: ${SUITE}`,
      'Components: main',
      `Architectures: ${architectures.join(' ')}`,
      'Signed-By: /etc/apt/keyrings/podkeeper.asc',
      '',
    ].join('\n'),
  )
}

/** The hashes of the indexes that the signed release names. */
function indexHashes(folder) {
  const file = join(folder, DISTRIBUTION, 'Release')
  if (!existsSync(file)) return []
  return [...readFileSync(file, 'utf8').matchAll(/^ ([0-9a-f]{64}) /gm)].map(([, hash]) => hash)
}

/** A client that has read the release before still finds what that one names. */
function removeOldIndexes(folder, used) {
  const main = join(folder, DISTRIBUTION, 'main')
  for (const name of readdirSync(main)) {
    const indexes = join(main, name, 'by-hash/SHA256')
    for (const hash of readdirSync(indexes)) if (!used.includes(hash)) rmSync(join(indexes, hash))
  }
}

function replaceFile(file, content) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, content)
  renameSync(`${file}.new`, file)
}

/** What a program prints; a UserError where it fails. */
async function ask(program, args, cwd) {
  const { code, output } = await run(program, args, { cwd, env: { ...process.env, LC_ALL: 'C.UTF-8' } })
  if (code !== 0) throw new UserError(`${program} failed:\n${tail(output)}`)
  return output
}
