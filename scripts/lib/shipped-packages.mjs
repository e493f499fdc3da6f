import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundledFolder } from './bundled-packages.mjs'
import { packagesBeside } from './debian/place-cli.mjs'
import { inProject, readJson } from './project.mjs'

/** The npm packages of which a package of the app has parts, by name: `{ name, version, license, texts }`. */
export function shippedPackages() {
  const bundled = readdirSync(bundledFolder).flatMap((name) => readJson(join(bundledFolder, name)))
  const folders = new Set([...bundled, ...packagesBeside()])
  const found = new Map()
  for (const folder of folders) {
    const { name, version, license, licenses } = readJson(inProject(folder, 'package.json'))
    const texts = licenseTexts(folder)
    found.set(`${name}@${version}`, { name, version, license: licenseName(license ?? licenses), texts })
  }
  return [...found.values()].sort(
    (a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version),
  )
}

/** Older packages name theirs as an object or a list. */
function licenseName(license) {
  if (Array.isArray(license)) return license.map(licenseName).join(' or ')
  return typeof license === 'string' ? license : (license?.type ?? 'see below')
}

function licenseTexts(folder) {
  if (!existsSync(inProject(folder))) return []
  return readdirSync(inProject(folder))
    .filter((name) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(name) && !/\.(js|json)$/.test(name))
    .sort()
    .map((name) => readFileSync(inProject(folder, name), 'utf8').replaceAll('\r\n', '\n').trim())
}

/** The licenses of `packages`: which has which, and then each text once. */
export function licensesText(packages) {
  const byText = new Map()
  for (const one of packages)
    for (const text of one.texts) byText.set(text, [...(byText.get(text) ?? []), one.name])
  const list = packages.map(({ name, version, license }) => `${name} ${version} (${license})`)
  const texts = [...byText].map(([text, names]) => `${[...new Set(names)].join(', ')}\n\n${text}`)
  return `${[HEAD, list.join('\n'), ...texts].join(`\n\n${'─'.repeat(60)}\n\n`)}\n`
}

const HEAD = `Podkeeper is under the MIT license and contains parts of the packages below.
Electron and Chromium: LICENSE and LICENSES.chromium.html beside the program.`
