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

export const baseTemplate: Omit<ApiTemplate, 'id' | 'name' | 'image'> = {
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

const usualTemplates: readonly OwnTemplate[] = [
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

/** A template of the account. Where it is in use, it can't be deleted. */
export interface OwnTemplate extends ApiTemplate {
  readonly isInUse?: boolean
}

export interface TemplateSpec extends Pick<OwnTemplate, 'id' | 'env' | 'isInUse'> {
  readonly name?: string
  readonly public?: boolean
  readonly serverless?: boolean
}

/** The account's own templates. */
export class Templates {
  #templates: readonly OwnTemplate[] = usualTemplates

  list(): readonly OwnTemplate[] {
    return this.#templates
  }

  add({ id, name = id, ...spec }: TemplateSpec): void {
    const template = { ...baseTemplate, id, name, image: 'example/own:1', public: false, ...spec }
    this.#templates = [...this.#templates, template]
  }

  remove(id: string): void {
    this.#templates = this.#templates.filter((template) => template.id !== id)
  }
}
