import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../log.mjs'
import { inProject } from '../project.mjs'
import { run, tail } from '../run.mjs'

/** What rpm calls Debian's architectures. */
const ARCHITECTURES = { amd64: 'x86_64', arm64: 'aarch64' }
/** Where zsh looks on distributions with rpm, beside Debian's folder. */
const MOVED = [['usr/share/zsh/vendor-completions', 'usr/share/zsh/site-functions']]
const OWN_FOLDERS = ['usr/lib/podkeeper', 'usr/share/doc/podkeeper']

/**
 * Makes an rpm package of the files and scripts of a Debian package, and returns its path, in the same folder.
 * `payload`: as rpmbuild calls the compression. The date of the files is that of the Debian package's.
 */
export async function makeRpmPackage({ debianPackage, payload = 'w19.zstdio' }) {
  await checkPrograms()
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-rpm-'))
  try {
    const content = join(folder, 'content')
    await ask('dpkg-deb', ['--extract', debianPackage, content])
    await ask('dpkg-deb', ['--control', debianPackage, join(folder, 'control')])
    for (const [from, to] of MOVED) {
      mkdirSync(dirname(join(content, to)), { recursive: true, mode: 0o755 })
      renameSync(join(content, from), join(content, to))
    }
    writeFileSync(join(content, 'usr/lib/podkeeper/resources/package-type'), 'rpm')
    const field = async (name) => (await ask('dpkg-deb', ['--field', debianPackage, name])).trim()
    const debianArchitecture = await field('Architecture')
    const architecture = ARCHITECTURES[debianArchitecture]
    if (architecture === undefined) throw new UserError(`No rpm package is made for ${debianArchitecture}.`)
    const spec = specOf({
      NAME: await field('Package'),
      VERSION: await field('Version'),
      DESCRIPTION: (await field('Description'))
        .split('\n')
        .slice(1)
        .map((line) => line.trim())
        .join('\n'),
      CONTENT: content,
      PAYLOAD: payload,
      FILES: filesOf(content).join('\n'),
      ...Object.fromEntries(
        ['preinst', 'postinst', 'prerm', 'postrm'].map((name) => [
          name.toUpperCase(),
          readFileSync(join(folder, 'control', name), 'utf8').replace(/^#!.*\n/, ''),
        ]),
      ),
    })
    writeFileSync(join(folder, 'podkeeper.spec'), spec)
    const flags = [
      '--quiet',
      '-bb',
      '--target',
      `${architecture}-linux`,
      '--define',
      `_topdir ${folder}/build`,
    ]
    await ask('rpmbuild', [...flags, join(folder, 'podkeeper.spec')])
    const made = join(folder, 'build/RPMS', architecture)
    const [name] = readdirSync(made)
    const file = join(dirname(debianPackage), basename(name))
    copyFileSync(join(made, name), file)
    return file
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function checkPrograms() {
  for (const [program, debianPackage] of [
    ['dpkg-deb', 'dpkg'],
    ['rpmbuild', 'rpm'],
  ]) {
    const { code } = await run(program, ['--version'])
    if (code !== 0)
      throw new UserError(`An rpm package needs ${program}: sudo apt-get install ${debianPackage}`)
  }
}

/** In what is put in, a % is one, and no macro. */
function specOf(values) {
  const text = readFileSync(inProject('resources/linux/podkeeper.spec'), 'utf8')
  return text.replace(/@([A-Z]+)@/g, (_, name) => values[name].replaceAll('%', '%%'))
}

/** Our folders with all that is in them, and each file elsewhere, whose folders belong to other packages. */
function filesOf(content) {
  const others = readdirSync(content, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(content.length + 1))
    .filter((path) => !OWN_FOLDERS.some((folder) => path.startsWith(`${folder}/`)))
  return [...OWN_FOLDERS, ...others.toSorted()].map((path) => `"/${path}"`)
}

async function ask(program, args) {
  const { code, output } = await run(program, args, { env: { ...process.env, LC_ALL: 'C.UTF-8' } })
  if (code !== 0) throw new UserError(`${program} failed:\n${tail(output)}`)
  return output
}
