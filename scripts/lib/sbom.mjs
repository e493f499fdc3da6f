import { UserError } from './log.mjs'
import { inProject } from './project.mjs'
import { runNpm, tail } from './run.mjs'
import { shippedPackages } from './shipped-packages.mjs'

/**
 * What a package of the app is made of, as a CycloneDX document: Electron, and of what `npm sbom` lists the packages of
 * which it has parts. Without times, serial numbers and where packages were fetched from, so that it is the same for the
 * same sources.
 */
export async function makeSbom(electronVersion) {
  const { code, output } = await runNpm(['sbom', '--sbom-format', 'cyclonedx', '--loglevel=error'], {
    cwd: inProject(),
  })
  if (code !== 0) throw new UserError(`npm sbom failed:\n${tail(output)}`)
  return shippedSbom(JSON.parse(output), shippedPackages(), electronVersion)
}

/** The part of `npm sbom`'s document about `shipped`, and Electron. Throws if it lacks one. */
export function shippedSbom(document, shipped, electronVersion) {
  const { serialNumber: _, metadata, components, dependencies, ...rest } = document
  const { timestamp: _at, ...of } = metadata
  const names = new Set(shipped.map(({ name, version }) => `${name}@${version}`))
  const kept = components.filter(({ purl }) => names.has(nameOf(purl)))
  const missing = [...names].filter((name) => !kept.some(({ purl }) => nameOf(purl) === name))
  if (missing.length > 0) throw new UserError(`npm sbom does not list ${missing.join(', ')}.`)
  const refs = new Set([...kept, of.component].map((one) => one['bom-ref']))
  return {
    ...rest,
    // npm names it for the folder of the checkout.
    metadata: { ...of, component: { ...of.component, type: 'application', name: 'podkeeper' } },
    components: [electron(electronVersion), ...kept.map(withoutSource)],
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) })),
  }
}

/** "pkg:npm/%40scope/name@1.0.0" → "@scope/name@1.0.0". */
const nameOf = (purl) => decodeURIComponent(purl.replace(/^pkg:npm\//, '').replace(/\?.*$/, ''))

function withoutSource(component) {
  const references = component.externalReferences?.filter(({ type }) => type !== 'distribution')
  return references === undefined ? component : { ...component, externalReferences: references }
}

const electron = (version) => ({
  'bom-ref': `electron@${version}`,
  type: 'framework',
  name: 'electron',
  version,
  description: 'With Chromium and Node.js, whose parts LICENSES.chromium.html lists',
  purl: `pkg:npm/electron@${version}`,
  licenses: [{ license: { id: 'MIT' } }],
})
