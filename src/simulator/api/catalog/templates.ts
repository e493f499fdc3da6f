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

const plain: Omit<ApiTemplate, 'id' | 'name' | 'image'> = {
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

const own: readonly ApiTemplate[] = [
  {
    ...plain,
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
    ...plain,
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

const catalogue = {
  official: [
    {
      ...plain,
      id: 'tplpytorch',
      name: 'PyTorch',
      image: 'example/pytorch:2.8',
      allowedCudaVersions: ['12.8'],
    },
    {
      ...plain,
      id: 'tplcomfyui',
      name: 'ComfyUI',
      image: 'example/comfyui:1',
      ports: ['8188/http', '22/tcp'],
    },
    {
      ...plain,
      id: 'tplubuntu0',
      name: 'Ubuntu',
      image: 'example/ubuntu:24.04',
      mounts: {},
      category: 'CPU',
      startJupyter: false,
    },
  ],
  verified: [{ ...plain, id: 'tplaxolotl', name: 'Axolotl', image: 'example/axolotl:main' }],
  community: [
    { ...plain, id: 'tplwhisper', name: 'whisper batch', image: 'example/whisper:3', category: 'AMD' },
  ],
} as const satisfies Record<string, readonly ApiTemplate[]>

export const answerOwnTemplates = (): Reply => json({ templates: own })

export function answerCatalogueTemplates(query: URLSearchParams): Reply {
  const source = query.get('source') ?? 'official'
  if (!Object.hasOwn(catalogue, source)) {
    return problem(422, 'Request validation failed.', { errors: ['source: official, verified or community'] })
  }
  return json({ templates: catalogue[source as keyof typeof catalogue] })
}

export function answerTemplate(id: string): Reply {
  const template = findTemplate(id)
  return template === null ? problem(404, 'template not found') : json(template)
}

export function findTemplate(id: string): ApiTemplate | null {
  return [...own, ...Object.values(catalogue).flat()].find((template) => template.id === id) ?? null
}
