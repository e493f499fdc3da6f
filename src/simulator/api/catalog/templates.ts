import { invalidCursor, type PageOptions, pageLimit } from '../../http/page-limit'
import { json, noContent, problem, type Reply } from '../../http/reply'
import { type ApiTemplate, baseTemplate } from '../../world/account/templates'
import type { World } from '../../world/world'

const catalogTemplates = {
  official: [
    {
      ...baseTemplate,
      id: 'tplpytorch',
      name: 'PyTorch',
      image: 'example/pytorch:2.8',
      allowedCudaVersions: ['12.8'],
    },
    {
      ...baseTemplate,
      id: 'tplcomfyui',
      name: 'ComfyUI',
      image: 'example/comfyui:1',
      ports: ['8188/http', '22/tcp'],
    },
    {
      ...baseTemplate,
      id: 'tplubuntu0',
      name: 'Ubuntu',
      image: 'example/ubuntu:24.04',
      mounts: {},
      category: 'CPU',
      startJupyter: false,
    },
  ],
  verified: [{ ...baseTemplate, id: 'tplaxolotl', name: 'Axolotl', image: 'example/axolotl:main' }],
  community: [
    { ...baseTemplate, id: 'tplwhisper', name: 'whisper batch', image: 'example/whisper:3', category: 'AMD' },
  ],
} as const satisfies Record<string, readonly ApiTemplate[]>

export const handleOwnTemplates = (
  query: URLSearchParams,
  options: PageOptions,
  { templates }: World,
): Reply => templatePage(templates.list(), query, options)

export function handleCatalogTemplates(query: URLSearchParams, options: PageOptions): Reply {
  const source = query.get('source') ?? 'official'
  if (!Object.hasOwn(catalogTemplates, source)) {
    return problem(422, 'Request validation failed.', { errors: ['source: official, verified or community'] })
  }
  return templatePage(catalogTemplates[source as keyof typeof catalogTemplates], query, options)
}

/** A cursor is the id of the last template of the page before. */
function templatePage(all: readonly ApiTemplate[], query: URLSearchParams, options: PageOptions): Reply {
  if (!options.pagination) return json({ templates: all })
  const limit = pageLimit(query, options)
  if (typeof limit !== 'number') return limit
  const cursor = query.get('cursor')
  const from = cursor === null ? 0 : all.findIndex(({ id }) => id === cursor) + 1
  if (cursor !== null && from === 0) return invalidCursor
  const templates = all.slice(from, from + limit)
  const nextCursor = from + limit < all.length ? (templates.at(-1)?.id ?? null) : null
  return json({ templates, pagination: { hasNextPage: nextCursor !== null, nextCursor } })
}

export function handleTemplate(id: string, world: World): Reply {
  const template = findTemplate(id, world)
  return template === null ? notFound : json(template)
}

/** Those of the catalog belong to others. */
export function handleTemplateDelete(id: string, { templates }: World): Reply {
  const template = templates.list().find((each) => each.id === id)
  if (template === undefined) return notFound
  if (template.isInUse === true) return problem(400, 'the template is in use by a pod or endpoint')
  templates.remove(id)
  return noContent
}

const notFound = problem(404, 'template not found')

export function findTemplate(id: string, { templates }: World): ApiTemplate | null {
  return (
    [...templates.list(), ...Object.values(catalogTemplates).flat()].find((template) => template.id === id) ??
    null
  )
}
