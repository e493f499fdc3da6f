import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cliProgram } from '../build.mjs'
import { ensureInstallers, loadInstaller } from '../installers.mjs'
import { UserError } from '../log.mjs'
import { inProject, readJson } from '../project.mjs'
import { renderIcon } from '../render-icon.mjs'
import { run } from '../run.mjs'
import { placeCli } from './place-cli.mjs'

/** Debian's names of what Node calls `process.arch`. */
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64', arm: 'armhf' }
const ICON_SIZES_PX = [16, 22, 24, 32, 48, 64, 128, 256, 512]
/** Where the package installs the app, under whatever name it was built. */
const LIB = 'usr/lib/podkeeper'
const DESCRIPTION = `Podkeeper sits in the tray and watches rented GPU pods. It says when one is idle and what that
wastes, and stops the pods that you selected by rules of yours, after warnings. The command "podkeeper" does the same
without a window, for servers and scripts; it needs Node.js.`

/**
 * Makes a Debian package of `folder`, the packaged app, and of the command line in out/cli. Returns its path, in `out`.
 * `packageName` is that of the package alone: what it installs has the same names always. `compression`: as dpkg-deb
 * calls it. The date of the last commit is that of all files, so that the same sources give the same package.
 */
export async function makeDebianPackage({ folder, executable, packageName, out, arch, compression = 'xz' }) {
  await checkPrograms()
  await ensureInstallers()
  process.env.SOURCE_DATE_EPOCH ??= await lastCommitS()
  const { version, description, author } = readJson(inProject('package.json'))
  const { Installer, transformVersion } = loadInstaller('electron-installer-debian')
  const installer = new (withOwnFiles(Installer))({
    src: folder,
    dest: out,
    rename: (dest) => join(dest, '<%= name %>_<%= version %>_<%= arch %>.deb'),
    logger: () => {},
    options: {
      name: packageName,
      bin: executable,
      version: transformVersion(version),
      arch: ARCHITECTURES[arch] ?? arch,
      description,
      productDescription: DESCRIPTION.replaceAll('\n', ' '),
      maintainer: author,
      depends: ['libasound2t64 | libasound2'],
      recommends: ['nodejs (>= 20.19)', 'libnotify-bin', 'libsecret-1-0'],
      icon: {},
      scripts: Object.fromEntries(
        ['preinst', 'postinst', 'prerm', 'postrm'].map((name) => [name, template(name)]),
      ),
      compression,
    },
  })
  await installer.generateDefaults()
  installer.generateOptions()
  await installer.createStagingDir()
  await installer.createContents()
  await installer.createPackage()
  await installer.movePackage()
  const [path] = installer.options.packagePaths
  return path
}

const template = (name) => inProject('resources/linux', name)

async function checkPrograms() {
  for (const name of ['dpkg-deb', 'fakeroot']) {
    const { code } = await run(name, ['--version'])
    if (code !== 0) throw new UserError(`A Debian package needs ${name}: sudo apt-get install dpkg fakeroot`)
  }
}

async function lastCommitS() {
  const { code, output } = await run('git', ['log', '-1', '--format=%ct'], { cwd: inProject() })
  return code === 0 ? output.trim() : String(Math.round(Date.now() / 1_000))
}

/** The library's class copies the app and writes control file and scripts; the rest is ours. */
function withOwnFiles(Installer) {
  return class extends Installer {
    get contentFunctions() {
      return ['copyApplication', 'copyScripts', 'createControl', 'createOwnFiles']
    }

    // Files have the same names in every package.
    get appIdentifier() {
      return 'podkeeper'
    }

    async createOwnFiles() {
      const write = (path, content, mode = 0o644) => {
        const file = join(this.stagingDir, path)
        mkdirSync(dirname(file), { recursive: true, mode: 0o755 })
        writeFileSync(file, content)
        chmodSync(file, mode)
      }
      for (const [path, content, mode] of ownFiles(this.options)) write(path, content, mode)
      for (const [path, shell] of Object.entries(COMPLETIONS)) write(path, await completions(shell))
      placeCli(join(this.stagingDir, LIB, 'cli'))
    }
  }
}

/** Path, content and mode of each file beside the app and the command line. */
function ownFiles({ bin, version }) {
  const icon = inProject('resources/icon.svg')
  const text = (name) => readFileSync(template(name), 'utf8')
  const started = (content) => content.replaceAll(`/${LIB}/podkeeper`, `/${LIB}/${bin}`)
  const date = new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1_000).toISOString().slice(0, 10)
  const unit = readFileSync(inProject('resources/podkeeper.service'), 'utf8')
  return [
    ['usr/bin/podkeeper', text('podkeeper'), 0o755],
    [`${LIB}/resources/package-type`, 'deb'],
    ['usr/share/applications/podkeeper.desktop', started(text('podkeeper.desktop'))],
    [
      'usr/share/metainfo/podkeeper.metainfo.xml',
      text('podkeeper.metainfo.xml').replace('@VERSION@', version).replace('@DATE@', date),
    ],
    [`${LIB}/apparmor-profile`, started(text('apparmor-profile'))],
    ['usr/lib/systemd/user/podkeeper.service', unit.replace('/usr/bin/env podkeeper', '/usr/bin/podkeeper')],
    ['usr/share/doc/podkeeper/copyright', copyright()],
    ['usr/share/icons/hicolor/scalable/apps/podkeeper.svg', readFileSync(icon)],
    ...ICON_SIZES_PX.map((size) => [
      `usr/share/icons/hicolor/${size}x${size}/apps/podkeeper.png`,
      renderIcon(icon, size),
    ]),
  ]
}

const COMPLETIONS = {
  'usr/share/bash-completion/completions/podkeeper': 'bash',
  'usr/share/zsh/vendor-completions/_podkeeper': 'zsh',
  'usr/share/fish/vendor_completions.d/podkeeper.fish': 'fish',
}

async function completions(shell) {
  const { code, output } = await run(process.execPath, [cliProgram, 'completions', shell])
  if (code !== 0) throw new UserError(`The completions for ${shell} could not be made:\n${output}`)
  return output
}

const copyright = () => `${readFileSync(inProject('LICENSE'), 'utf8')}
Licenses of Electron and Chromium: /${LIB}/LICENSE and /${LIB}/LICENSES.chromium.html
Licenses of npm packages: LICENSE in the folders of /${LIB}/cli/builds/*/node_modules
`
