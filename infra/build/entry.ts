import type { StepOutline } from '../../shared/runtime/outline.ts'
import type { PackagedFunction } from '../packaging/functions.ts'

/** What every function is given: whether a clock's schedule is in force is asked of these two. */
const ALWAYS = ['clock', 'settings']

/** What the entry of a function's bundle is made from. */
export interface EntryParts {
  readonly fn: PackagedFunction
  /** Every step of the chain. */
  readonly outlines: readonly StepOutline[]
  /** How many migrations the database must have. */
  readonly migrations: number
  readonly version: string
}

/**
 * The source of a function's bundle: exactly the handlers of its steps and services and the wires of the ports they use, so that nothing
 * else is carried. Of all other steps only the outlines travel with it.
 */
export function entrySource({ fn, outlines, migrations, version }: EntryParts): string {
  // A clock opens runs; the steps that they wake run elsewhere.
  const used = fn.kind === 'clock' ? [] : [...fn.steps, ...fn.services].flatMap(({ uses }) => uses)
  const ports = [...new Set([...ALWAYS, ...used])].sort()
  const own = new Set(fn.steps.map(({ name }) => name))
  const others = outlines.filter(({ name }) => !own.has(name))
  const handlers = fn.steps.map((step, i) => ({ name: `step${i}`, file: handlerFile(step) }))
  const services = fn.services.map(({ name }, i) => ({ name: `service${i}`, file: `functions/${name}/handler.ts` }))
  const { name, kind } = fn
  return [
    `import { functionHandler } from './infra/function/function-handler.ts'`,
    `import { ${ports.join(', ')} } from './infra/wiring/ports.ts'`,
    ...[...handlers, ...services].map((handler) => `import ${handler.name} from './${handler.file}'`),
    'export default functionHandler({',
    `  ...${JSON.stringify({ name, kind, migrations, version })},`,
    `  steps: [${handlers.map((handler) => handler.name).join(', ')}],`,
    `  services: [${services.map((handler) => handler.name).join(', ')}],`,
    `  others: ${JSON.stringify(others)},`,
    `  wire: { ${ports.join(', ')} },`,
    '})',
    '',
  ].join('\n')
}

/** The source of the server around a handler that lies beside it, where no template brings one. */
export function serverSource(): string {
  return [
    `import { runHandler } from './infra/function/run-handler.ts'`,
    `runHandler(require(__dirname + '/handler.js'))`,
    '',
  ].join('\n')
}

/** The source of the bridge's bundle: of the steps it carries only what it must know to call them. */
export function bridgeSource(outlines: readonly StepOutline[], file: string): string {
  return [`import { serveBridge } from './${file}'`, `serveBridge(${JSON.stringify(outlines)})`, ''].join('\n')
}

/** Where a step's handler lies, from the root of the repository: a step has one name everywhere. */
export function handlerFile({ name, room }: Pick<StepOutline, 'name' | 'room'>): string {
  return `functions/${room}/${name.slice(room.length + 1)}/handler.ts`
}
