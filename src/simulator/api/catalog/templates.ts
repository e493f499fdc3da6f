import { invalidCursor, type PageOptions, pageLimit } from '../../http/page-limit'
import { json, problem, type Reply } from '../../http/reply'

/** REST v2's `Template`. */
export interface ApiTemplate {
  readonly id: string
  readonly name: string
  readonly image: string
  readonly args: string
  readonly disk: number
  readonly mounts: { readonly persistent?: { readonly size: number; readonly path: string } }
  readonly ports: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly registry: string | null
  readonly serverless: boolean
  readonly public: boolean
  readonly category: 'CPU' | 'NVIDIA' | 'AMD'
  readonly startSsh: boolean
  readonly startJupyter: boolean
  readonly allowedCudaVersions: readonly string[]
}

const baseTemplate: Omit<ApiTemplate, 'id' | 'name' | 'image'> = {
  args: '',
  disk: 40,
  mounts: { persistent: { size: 20, path: '/workspace' } },
  ports: ['8888/http', '22/tcp'],
  env: {},
  registry: null,
  serverless: false,
  public: true,
  category: 'NVIDIA',
  startSsh: true,
  startJupyter: true,
  allowedCudaVersions: [],
}

const ownTemplates: readonly ApiTemplate[] = [
  {
    ...baseTemplate,
    id: 'tplsft0001',
    name: 'SFT, our way',
    image: 'example/sft:2026-10',
    disk: 80,
    mounts: { persistent: { size: 100, path: '/workspace' } },
    env: { HF_HOME: '/workspace/hf', WANDB_MODE: 'offline' },
    public: false,
    startJupyter: false,
  },
  {
    ...baseTemplate,
    id: 'tplinfer01',
    name: 'Inference worker',
    image: 'example/infer:4',
    mounts: {},
    ports: ['8000/http'],
    serverless: true,
    public: false,
    startSsh: false,
    startJupyter: false,
  },
]

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

export const handleOwnTemplates = (query: URLSearchParams, options: PageOptions): Reply =>
  templatePage(ownTemplates, query, options)

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

export function handleTemplate(id: string): Reply {
  const template = findTemplate(id)
  return template === null ? problem(404, 'template not found') : json(template)
}

export function findTemplate(id: string): ApiTemplate | null {
  return (
    [...ownTemplates, ...Object.values(catalogTemplates).flat()].find((template) => template.id === id) ??
    null
  )
}
