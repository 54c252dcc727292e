import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { services, steps } from '../../../functions/index.ts'
import { STACK_PATHS } from '../../../infra/generate/files.ts'
import { CE_FUNCTIONS, stackFile, stackOf } from '../../../infra/generate/stack.ts'
import { KEEPS_OBJECTS } from '../../../infra/generate/stack-function.ts'
import {
  addressOf,
  limitsOf,
  mostInFlight,
  type Packaging,
  packagedFunctions,
} from '../../../infra/packaging/functions.ts'
import { nativePartsOf } from '../../../infra/packaging/native.ts'
import * as wires from '../../../infra/wiring/ports.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { SentimentReader } from '../../../shared/ports/sentiment-reader.ts'
import { SECRETS } from '../../../shared/runtime/config.ts'
import { outlineOf } from '../../../shared/runtime/outline.ts'
import { readSettings } from '../../../shared/runtime/settings.ts'
import { topologyOf } from '../../../shared/runtime/topology.ts'
import { expand, readStack, seconds } from './faas-cli.ts'

const outlines = steps.map(outlineOf)
const byName = new Map(outlines.map((step) => [step.name, step]))
const subjects = new Set(topologyOf({ outlines }).streams.flatMap((stream) => stream.subjects))
const readme = readFileSync(new URL('../../../infra/openfaas/README.md', import.meta.url), 'utf8')

const packagings = Object.keys(STACK_PATHS) as Packaging[]
const entries = packagings.flatMap((packaging) => {
  const packaged = new Map(packagedFunctions(packaging, outlines, services).map((fn) => [fn.name, fn]))
  return Object.entries(readStack(STACK_PATHS[packaging]).functions).map(([name, entry]) => {
    const fn = packaged.get(name)
    if (!fn) throw new Error(`${STACK_PATHS[packaging]} has "${name}", which is no function of this packaging`)
    return { packaging, name, entry, fn }
  })
})

describe.each(entries)('$packaging: $name', ({ packaging, name, entry, fn }) => {
  it('is named so that Kubernetes takes it, and as the bridge calls it', () => {
    expect(name).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/)
    if (fn.kind !== 'clock') for (const step of fn.steps) expect(addressOf(packaging, step).fn).toBe(name)
  })

  it('is built from its own bundle by a template pinned to a commit, or by the Dockerfile beside it', () => {
    if (nativePartsOf(fn)) expect(entry.lang).toBe('dockerfile')
    else expect(entry.lang).toMatch(/^node22@sha-[0-9a-f]{40}$/)
    // faas-cli empties ./build/<function> before it copies the handler.
    expect(entry.handler).toBe(`./dist/${packaging}/${name}`)
    expect(entry.image).toMatch(/^ghcr\.io\/edgefund\/[a-z-]*[a-z0-9-]+:\d+\.\d+\.\d+$/)
  })

  it('is given text only', () => {
    const { environment, labels, annotations = {} } = entry
    for (const value of [environment, labels, annotations].flatMap(Object.values)) expect(value).toBeTypeOf('string')
  })

  it('takes the bytes as they came, more than the wrapper itself takes', () => {
    expect(entry.environment).toMatchObject({ RAW_BODY: 'true', MAX_RAW_SIZE: '2mb', MAX_JSON_SIZE: '2mb' })
  })

  it('lets a step end by itself, the watchdog tell, and the bridge hear it', () => {
    const { exec_timeout, write_timeout, read_timeout, healthcheck_interval } = entry.environment
    const longest = fn.kind === 'clock' ? 60 : limitsOf(fn).timeoutMs / 1000
    expect(seconds(exec_timeout)).toBeGreaterThan(longest)
    expect(seconds(write_timeout)).toBeGreaterThan(seconds(exec_timeout))
    expect(read_timeout).toBe(write_timeout)
    // The bridge gives up 15 s after the step's own limit.
    expect(seconds(write_timeout)).toBeLessThan(longest + 15)
    expect(seconds(healthcheck_interval)).toBe(5)
  })

  it('never refuses what the bridge sends, nor a tick beside it', () => {
    const most = Number(entry.environment.max_inflight)
    expect(most).toBeGreaterThan(fn.kind === 'clock' ? 1 : mostInFlight(fn))
  })

  it('listens only to signed events and bearers of the token', () => {
    expect(entry.environment.EDGEFUND_EVENT_AUTH).toBe('signed')
    expect(entry.secrets).toEqual(expect.arrayContaining(['edgefund-event-keys', 'edgefund-api-token']))
  })

  it('is given secrets that there are, and those of objects only where it keeps some', () => {
    expect(SECRETS).toEqual(expect.arrayContaining([...entry.secrets]))
    const keeps =
      fn.kind !== 'clock' &&
      [...fn.steps, ...fn.services].some(({ uses }) =>
        uses.some((port) => KEEPS_OBJECTS[port as keyof typeof KEEPS_OBJECTS]),
      )
    expect(entry.secrets.includes('edgefund-s3-access-key')).toBe(keeps)
    expect(entry.secrets.includes('edgefund-s3-secret-key')).toBe(keeps)
    expect('S3_ENDPOINT' in entry.environment).toBe(keeps)
  })

  it('is given the addresses of alerts only where it tells people', () => {
    const tells = fn.kind !== 'clock' && fn.steps.some(({ uses }) => uses.includes('notifiers'))
    for (const name of ['edgefund-alert-webhook', 'edgefund-alert-webhook-secret', 'edgefund-smtp-url']) {
      expect([name, entry.secrets.some((secret) => secret === name)]).toEqual([name, tells])
    }
    expect('EDGEFUND_ALERT_TO' in entry.environment).toBe(tells)
  })

  it('has one exact subject, or one schedule of five fields, or is a room or a service', () => {
    if (fn.kind === 'room' || fn.kind === 'service') return expect(entry.annotations).toBeUndefined()
    const { topic, schedule } = entry.annotations ?? {}
    expect(topic).not.toContain(',')
    const [step] = fn.steps
    if (fn.kind === 'clock' || step.on.kind === 'clock') {
      expect(topic).toBe('cron-function')
      expect(schedule).toMatch(/^\S+( \S+){4}$/)
      if (fn.kind === 'step' && step.on.kind === 'clock') expect(schedule).toBe(step.on.schedule)
    } else {
      expect(schedule).toBeUndefined()
      expect(topic).toMatch(/^[a-z0-9_.-]+$/)
      expect(subjects).toContain(topic)
      expect(topologyOf({ outlines }).consumers.find((consumer) => consumer.name === name)?.subject).toBe(topic)
    }
  })

  it('asks for less than it may use, writes nowhere but /tmp, and asks for nothing that CE ignores or refuses', () => {
    const number = (text: string, unit: string) => {
      expect(text).toMatch(new RegExp(`^\\d+${unit}$`))
      return Number.parseInt(text, 10)
    }
    expect(number(entry.requests.cpu, 'm')).toBeLessThan(number(entry.limits.cpu, 'm'))
    expect(number(entry.requests.memory, 'Mi')).toBeLessThan(number(entry.limits.memory, 'Mi'))
    expect(entry.readonly_root_filesystem).toBe(true)
    for (const refused of ['namespace', 'platforms', 'environment_file']) expect(entry).not.toHaveProperty(refused)
    expect(Object.keys(entry.labels).filter((label) => label.startsWith('com.openfaas.'))).toEqual([])
  })
})

describe('the stack files', () => {
  it('hold every step and every service once', () => {
    for (const packaging of packagings) {
      const own = entries.filter((entry) => entry.packaging === packaging && entry.fn.kind !== 'clock')
      expect(own.flatMap(({ fn }) => fn.steps.map(({ name }) => name)).sort()).toEqual([...byName.keys()].sort())
      expect(own.flatMap(({ fn }) => fn.services.map(({ name }) => name))).toEqual(services.map(({ name }) => name))
    }
  })

  it('name no image twice, so that one registry holds both', () => {
    const images = entries.map(({ entry }) => entry.image)
    expect(new Set(images).size).toBe(images.length)
  })

  it('fit the Community Edition where they are folded for it, or say that they do not', () => {
    const folded = entries.filter(({ packaging }) => packaging === 'folded')
    expect(folded.length).toBeLessThanOrEqual(CE_FUNCTIONS)
    const room = packagedFunctions('folded', outlines)[1]
    const many = Array.from({ length: 16 }, (_, i) => ({ ...room, name: `room-${i}` }))
    expect(() => stackFile('folded', many, '1.0.0')).toThrow(
      'The folded packaging has 16 functions, the Community Edition takes 15: fold rooms together',
    )
    expect(() => stackFile('each', many, '1.0.0')).not.toThrow()
  })

  it('give fetching the most, validating less, judging the least', () => {
    const limits = (name: string) => entries.find((entry) => entry.name === name)?.entry.limits
    expect(limits('ingestion-fetch-bars')).toEqual({ cpu: '500m', memory: '512Mi' })
    expect(limits('ingestion-validate-bars')).toEqual({ cpu: '200m', memory: '256Mi' })
    expect(limits('ingestion-check-quality')).toEqual({ cpu: '100m', memory: '128Mi' })
  })

  it('place only the reader of headlines, by one label that every node has, and nothing in the Community Edition', () => {
    const placed = entries.filter(({ entry }) => entry.constraints !== undefined)
    expect(placed.map(({ packaging, name }) => `${packaging}/${name}`)).toEqual(['each/signals-score-sentiment'])
    expect(placed[0].entry.constraints).toEqual(['kubernetes.io/os=linux'])
  })

  it('give a function that leans on machine code no less than it needs', () => {
    const native = entries.filter(({ fn }) => nativePartsOf(fn))
    expect(native.map(({ packaging, name }) => `${packaging}/${name}`)).toEqual([
      'each/signals-score-sentiment',
      'folded/signals',
    ])
    for (const { entry } of native) expect(Number.parseInt(entry.limits.memory, 10)).toBeGreaterThanOrEqual(256)
    const { limits, requests } = readStack(STACK_PATHS.each, { EDGEFUND_NATIVE_MEMORY: '768Mi' }).functions[
      native[0].name
    ]
    expect([limits.memory, requests.memory]).toEqual(['768Mi', native[0].entry.requests.memory])
    const outline = byName.get('ingestion-check-quality')!
    const small = { name: 'small', kind: 'step' as const, steps: [outline], services: [] }
    expect(limitsOf(small).resources.memory).toBe('128Mi')
    const reading = { ...outline, uses: ['sentimentReader'] }
    expect(limitsOf({ ...small, steps: [reading] }).resources.memory).toBe('256Mi')
    const greedy = { ...reading, resources: { ...outline.resources, memory: '512Mi' } }
    expect(limitsOf({ ...small, steps: [greedy] }).resources.memory).toBe('512Mi')
  })

  it('leave the clock to the official template, whatever the steps it opens lean on', () => {
    const outline = byName.get('ingestion-open-session')!
    const steps = [{ ...outline, uses: ['sentimentReader'] }]
    const [clock] = Object.values(stackOf('folded', packagedFunctions('folded', steps), '1.0.0').functions)
    expect(clock.lang).toMatch(/^node22@/)
  })

  it('take registry, tag and addresses from the environment; an empty variable counts as unset', () => {
    const env = {
      EDGEFUND_REGISTRY: 'registry.lan:5000/me',
      EDGEFUND_TAG: 'abc',
      S3_ENDPOINT: 'https://s3',
      S3_BUCKET: '',
    }
    const { image, environment } = readStack(STACK_PATHS.each, env).functions['ingestion-fetch-bars']
    expect(image).toBe('registry.lan:5000/me/ingestion-fetch-bars:abc')
    expect(environment).toMatchObject({ S3_ENDPOINT: 'https://s3', S3_BUCKET: 'edgefund' })
  })

  it('have no other $, which faas-cli might replace', () => {
    expect(() => expand('a: pa$$word', {})).toThrow('"a: pa$$word" has a $')
    expect(() => expand('a: $' + '{NAME}', {})).toThrow('has a $')
  })

  it('fetch the template from where it is', () => {
    for (const packaging of packagings) {
      const { version, provider, configuration } = readStack(STACK_PATHS[packaging])
      expect({ version, provider: provider.name }).toEqual({ version: '1.0', provider: 'openfaas' })
      const source = 'https://github.com/openfaas/templates'
      expect(configuration.templates).toEqual([
        { name: 'node22', source },
        { name: 'dockerfile', source },
      ])
    }
    const plain = [packagedFunctions('each', outlines)[0]]
    expect(stackOf('each', plain, '1.0.0').configuration.templates.map(({ name }) => name)).toEqual(['node22'])
  })

  it('are explained: every secret, and a gateway that waits as long as the longest function', () => {
    for (const secret of SECRETS) expect(readme).toContain(secret)
    const longest = Math.max(...entries.map(({ entry }) => seconds(entry.environment.exec_timeout)))
    const [, upstream] = /gateway\.upstreamTimeout=(\d+)s/.exec(readme) ?? []
    expect(Number(upstream)).toBeGreaterThanOrEqual(longest)
  })
})

describe('what is known of the ports', () => {
  const stored = { backend: 'onnx-transformer', model: 'objects:models/finbert' }
  const settings = readSettings({ sentiment: { ...stored, fallback: 'none' } }, 'a model among the objects')
  /** What opens its objects late does so when it is first used. */
  const use = (port: unknown) => (port as Partial<SentimentReader>)?.read?.(['profit'], AbortSignal.timeout(5_000))

  it.each(Object.entries(KEEPS_OBJECTS))('%s keeps objects: %s', async (port, keeps) => {
    // Nothing is connected by wiring, so parts that are not there do no harm.
    const database = { scopeState: () => 'none' }
    const parts = { database, objects: { s3: undefined, folder: undefined }, settings, clock: {}, notice() {} }
    const wire = new Map<string, unknown>(Object.entries(wires)).get(port) as (given: unknown) => unknown
    const refused = await Promise.resolve()
      .then(() => wire(parts))
      .then((made) => (port === 'sentimentReader' ? use(made) : made))
      .then(() => false)
      .catch((error) => error instanceof InputError && error.message.startsWith('Objects have no place'))
    expect(refused).toBe(keeps)
  })
})
