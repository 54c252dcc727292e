import { SECRETS } from '../../shared/runtime/config.ts'
import type { AllPorts } from '../../shared/runtime/ports.ts'
import { heardSubject } from '../../shared/runtime/topology.ts'
import { limitsOf, mostInFlight, type PackagedFunction, type Packaging } from '../packaging/functions.ts'
import { nativePartsOf } from '../packaging/native.ts'

/** A function as faas-cli reads it. Everything in `environment` is text; a number would be refused. */
export interface StackFunction {
  readonly lang: string
  readonly handler: string
  readonly image: string
  readonly environment: Readonly<Record<string, string>>
  readonly secrets: readonly SecretName[]
  readonly labels: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  /** Node labels, each with exactly one `=`. The Community Edition drops them without a word, so its file has none. */
  readonly constraints?: readonly string[]
  readonly limits: { readonly cpu: string; readonly memory: string }
  readonly requests: { readonly cpu: string; readonly memory: string }
  readonly readonly_root_filesystem: true
}

type SecretName = (typeof SECRETS)[number]

/** The official template, by commit: what was tested is what is built. */
export const TEMPLATE = 'node22@sha-69ca16aeff6a8633544a1082507303b47471b753'

/** For faas-cli: the handler's folder is a build context with a Dockerfile of its own. */
export const OWN_IMAGE = 'dockerfile'

/** A label that every node has: whoever wants the readers of headlines on a certain node says which. */
const ANY_NODE = 'kubernetes.io/os=linux'

/** What cron-connector looks for, word for word. */
const CLOCK_TOPIC = 'cron-function'
const EVERY_MINUTE = '* * * * *'

/** The lease of a claim outlives the step's timeout by this; what runs longer can commit nothing, so the watchdog ends it then. */
const EXEC_MARGIN_S = 5
/** After the watchdog gave up it must still be able to say so. The bridge waits 5 s more than this. */
const ANSWER_MARGIN_S = 5

/** The clock function only opens runs, however long their steps may take elsewhere; cron-connector calls it every minute. */
const TICK_TIMEOUT_MS = 60_000
const CALLS_BESIDE_THE_BRIDGE = 2
/** A tick, one before it that is slow, and people who try it. */
const TICKS_AT_ONCE = 4
/** People who read, and a browser asks for several things at once. */
const CALLS_OF_A_SERVICE = 16

/** Only functions with a port that leans on the object store are given its address and keys. */
const OBJECT_SECRETS: ReadonlySet<SecretName> = new Set(['edgefund-s3-access-key', 'edgefund-s3-secret-key'])

/** Only functions that tell people something are given their addresses. */
const ALERT_SECRETS: ReadonlySet<SecretName> = new Set([
  'edgefund-alert-webhook',
  'edgefund-alert-webhook-secret',
  'edgefund-smtp-url',
])

/** Only functions that fetch headlines are given the keys of their sources. */
const NEWS_SECRETS: ReadonlySet<SecretName> = new Set(['edgefund-finnhub-key', 'edgefund-marketaux-key'])

/** Which ports lean on the object store, as they are wired in infra/wiring; a new port has to say. */
export const KEEPS_OBJECTS: Readonly<Record<keyof AllPorts, boolean>> = {
  clock: false,
  settings: false,
  providers: false,
  newsSources: false,
  payloads: true,
  objects: true,
  barBatches: true,
  windowQualities: true,
  barStore: false,
  barArchive: true,
  barHistory: true,
  catalogue: false,
  coldCheck: true,
  corporateActions: false,
  quarantine: false,
  qualityReports: false,
  fundamentals: false,
  news: false,
  payloadLedger: false,
  universe: false,
  signals: false,
  // A transformer may lie among the objects.
  sentimentReader: true,
  rebalances: false,
  orderReports: true,
  ledger: false,
  orders: false,
  broker: true,
  monitoring: false,
  dailyReports: true,
  notifiers: false,
  runViews: false,
  runLogs: false,
  deadLetterOffice: false,
  consolePages: false,
}

/** One function of a stack file. `version` tags its image where EDGEFUND_TAG does not. */
export function stackFunction(packaging: Packaging, fn: PackagedFunction, version: string): StackFunction {
  const { resources } = limitsOf(fn)
  const native = nativePartsOf(fn) !== undefined
  const annotations = annotationsOf(fn)
  const image = packaging === 'each' ? fn.name : `edgefund-ce-${fn.name}`
  return {
    lang: native ? OWN_IMAGE : TEMPLATE,
    handler: `./dist/${packaging}/${fn.name}`,
    image: `${variable('EDGEFUND_REGISTRY', 'ghcr.io/edgefund')}/${image}:${variable('EDGEFUND_TAG', version)}`,
    environment: environmentOf(fn),
    secrets: secretsOf(fn),
    labels: { app: 'edgefund', ...(fn.steps.length > 0 && fn.kind !== 'clock' && { room: fn.steps[0].room }) },
    ...(annotations && { annotations }),
    ...(packaging === 'each' &&
      usesPort(fn, 'sentimentReader') && { constraints: [variable('EDGEFUND_SENTIMENT_NODE', ANY_NODE)] }),
    // A model that somebody brings may need more than the one that comes along.
    limits: { ...resources, ...(native && { memory: variable('EDGEFUND_NATIVE_MEMORY', resources.memory) }) },
    requests: requestsOf(resources),
    readonly_root_filesystem: true,
  }
}

function environmentOf(fn: PackagedFunction): Record<string, string> {
  const timeoutMs = fn.kind === 'clock' ? TICK_TIMEOUT_MS : limitsOf(fn).timeoutMs
  const execS = Math.ceil(timeoutMs / 1000) + EXEC_MARGIN_S
  return {
    // Signatures are of the very bytes that came. The wrapper's own limit is half of this one, so that it is the one to answer.
    RAW_BODY: 'true',
    MAX_RAW_SIZE: '2mb',
    MAX_JSON_SIZE: '2mb',
    exec_timeout: `${execS}s`,
    write_timeout: `${execS + ANSWER_MARGIN_S}s`,
    read_timeout: `${execS + ANSWER_MARGIN_S}s`,
    healthcheck_interval: '5s',
    max_inflight: String(mostCalls(fn)),
    EDGEFUND_EVENT_AUTH: 'signed',
    EDGEFUND_LOG_LEVEL: variable('EDGEFUND_LOG_LEVEL', 'info'),
    ...(keepsObjects(fn) && {
      S3_ENDPOINT: variable('S3_ENDPOINT', 'http://minio.edgefund:9000'),
      S3_REGION: variable('S3_REGION', 'us-east-1'),
      S3_BUCKET: variable('S3_BUCKET', 'edgefund'),
    }),
    ...(tellsPeople(fn) && {
      EDGEFUND_ALERT_FROM: variable('EDGEFUND_ALERT_FROM', ''),
      EDGEFUND_ALERT_TO: variable('EDGEFUND_ALERT_TO', ''),
    }),
  }
}

/** What faas-cli replaces: by the variable of this name where it runs, or else by the default. */
function variable(name: string, otherwise: string): string {
  return `\${${name}:-${otherwise}}`
}

/**
 * Calls at once, above which the watchdog answers 429. The bridge takes that for an outage, so it is more than what the bridge itself
 * sends: a tick and a person's call come beside that.
 */
function mostCalls(fn: PackagedFunction): number {
  if (fn.kind === 'service') return CALLS_OF_A_SERVICE
  return fn.kind === 'clock' ? TICKS_AT_ONCE : mostInFlight(fn) + CALLS_BESIDE_THE_BRIDGE
}

/** The settings are everybody's: a run that is opened at any step, even by hand, notes the hash of them. */
function secretsOf(fn: PackagedFunction): SecretName[] {
  const objects = keepsObjects(fn)
  const alerts = tellsPeople(fn)
  const news = usesPort(fn, 'newsSources')
  return SECRETS.filter(
    (name) =>
      (objects || !OBJECT_SECRETS.has(name)) &&
      (alerts || !ALERT_SECRETS.has(name)) &&
      (news || !NEWS_SECRETS.has(name)),
  )
}

/**
 * What the connectors read. A step has one exact subject or one schedule; the Community Edition takes no second topic, so a clock step
 * leaves what opens its runs by hand to the bridge. A room hears many subjects and has none here.
 */
function annotationsOf(fn: PackagedFunction): Record<string, string> | undefined {
  if (fn.kind === 'room' || fn.kind === 'service') return undefined
  if (fn.kind === 'clock') return { topic: CLOCK_TOPIC, schedule: EVERY_MINUTE }
  const [step] = fn.steps
  if (step.on.kind === 'clock') return { topic: CLOCK_TOPIC, schedule: step.on.schedule }
  // No connector gathers batches or keeps their order: only the bridge calls these.
  if (step.on.kind === 'batch') return undefined
  return { topic: heardSubject(step) }
}

/** The clock function holds steps with such ports, but it only opens their runs. */
function keepsObjects({ kind, steps, services }: PackagedFunction): boolean {
  if (kind === 'clock') return false
  return [...steps, ...services].some(({ uses }) => uses.some((port) => KEEPS_OBJECTS[port as keyof AllPorts]))
}

function tellsPeople(fn: PackagedFunction): boolean {
  return usesPort(fn, 'notifiers')
}

function usesPort({ kind, steps, services }: PackagedFunction, port: keyof AllPorts): boolean {
  return kind !== 'clock' && [...steps, ...services].some(({ uses }) => uses.includes(port))
}

/** What is set aside for a function that mostly waits: a tenth of the CPU and half of the memory it may use. */
function requestsOf({ cpu, memory }: StackFunction['limits']): StackFunction['requests'] {
  const [milliCpus, mebibytes] = [Number.parseInt(cpu, 10), Number.parseInt(memory, 10)]
  return { cpu: `${Math.max(10, Math.round(milliCpus / 10))}m`, memory: `${Math.round(mebibytes / 2)}Mi` }
}
