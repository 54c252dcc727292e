import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from '../../shared/adapters/process/process-identity.ts'
import { UnavailableError } from '../../shared/ports/errors.ts'
import type { House } from './house.ts'
import { type HomeLock, type Owner, readOwner, SILENT_OWNER_MS, tryLock } from './lock.ts'
import { type ErrorDocument, fromErrorDocument, OPERATION_HEADER } from './operations/errors.ts'
import type { OperationInput, OperationName, OperationOutput } from './operations/index.ts'
import type { Operation } from './operations/operation.ts'

/** The operations of whoever owns the state folder, be it another process or this one. */
export interface Operations {
  call<Name extends OperationName>(name: Name, input: OperationInput<Name>): Promise<OperationOutput<Name>>
  /** The process that answers, when it is not this one. */
  owner(): Owner | undefined
}

export interface OperationsOptions {
  readonly home: string
  /** Written into the lock if this process becomes the owner. */
  readonly verb: string
  /** Opens everything, without schedules: this owner leaves when it has finished. */
  openHouse(): Promise<House>
  /** Hears, in a sentence, why nothing happens for a while. */
  notice(text: string): void
  /** The lock was taken from us: nothing may be written any more. */
  onLost(): void
  /** Aborted when the user has had enough: what is under way is finished, nothing new is begun. */
  readonly signal?: AbortSignal
}

/** The owner went away, or is not there yet. */
class OwnerGone extends Error {
  override readonly name = 'OwnerGone'
}

const POLL_MS = 50
const NOTICE_AFTER_MS = 3_000
/** An owner on another machine or in another container is out of reach; it is waited for just long enough to know that it lives. */
const FOREIGN_PATIENCE_MS = SILENT_OWNER_MS + 10_000

/**
 * Works with the state folder whoever owns it: through the owner's loopback API when there is one, and else as its owner for as long as
 * the work takes. An owner that goes away in the middle is replaced, by another one or by this process, and the operation is asked again.
 */
export async function withOperations<T>(
  options: OperationsOptions,
  use: (operations: Operations) => Promise<T>,
): Promise<T> {
  const { signal } = options
  let seat: Seat | undefined
  const operations: Operations = {
    async call(name, input) {
      for (;;) {
        signal?.throwIfAborted()
        seat ??= await findSeat(options)
        if (seat.kind === 'owner') return (await seat.run(name, input)) as never
        try {
          return (await post(seat.owner, name, input, options)) as never
        } catch (error) {
          if (!(error instanceof OwnerGone)) throw error
          seat = undefined
          await sleep(POLL_MS)
        }
      }
    },
    owner: () => (seat?.kind === 'guest' ? seat.owner : undefined),
  }
  try {
    return await use(operations)
  } finally {
    if (seat?.kind === 'owner') await seat.leave()
  }
}

type Seat =
  | { readonly kind: 'guest'; readonly owner: Owner }
  | {
      readonly kind: 'owner'
      run(name: OperationName, input: unknown): Promise<unknown>
      leave(): Promise<void>
    }

/** Waits until there is an owner to talk to, or until this process is it. */
async function findSeat(options: OperationsOptions): Promise<Seat> {
  const { home, verb, notice, onLost, signal } = options
  const since = performance.now()
  let told = false
  for (;;) {
    signal?.throwIfAborted()
    const lock = tryLock(home, { verb, onLost })
    if (lock) return takeSeat(lock, options)
    const owner = readOwner(home)
    if (owner && owner.port !== 0 && (await answers(owner))) return { kind: 'guest', owner }
    const waitedMs = performance.now() - since
    if (owner && isAlive(owner) === undefined && waitedMs > FOREIGN_PATIENCE_MS) {
      throw new UnavailableError(
        `${home} is in use by process ${owner.pid} on ${owner.host}, out of reach from here; run the command there or stop it`,
      )
    }
    if (!told && waitedMs > NOTICE_AFTER_MS) {
      told = true
      const doing = owner?.port === 0 ? 'is starting' : 'is finishing'
      notice(owner ? `Waiting for process ${owner.pid} (${owner.verb}), which ${doing} …` : 'Waiting for the lock …')
    }
    await sleep(POLL_MS)
  }
}

async function takeSeat(lock: HomeLock, options: OperationsOptions): Promise<Seat> {
  let house: House | undefined
  try {
    house = await options.openHouse()
    const [{ openGateway }, { operations }, { runOperation }] = await Promise.all([
      import('./gateway.ts'),
      import('./operations/index.ts'),
      import('./operations/serve.ts'),
    ])
    const open = house
    const gateway = await openGateway({ house: open, token: lock.owner.token, port: 0 })
    lock.listensOn(gateway.port)
    return {
      kind: 'owner',
      run: (name, input) => runOperation(operations[name] as Operation, input, open),
      async leave() {
        try {
          await gateway.stop()
          await open.stop()
        } finally {
          lock.release()
        }
      },
    }
  } catch (error) {
    await house?.stop().catch(() => {})
    lock.release()
    throw error
  }
}

/** Whether something at the owner's port knows its token: a port may have gone to another program. */
async function answers(owner: Owner): Promise<boolean> {
  try {
    const { status } = await send(owner, 'runs-list', { limit: 1 })
    return status === 200
  } catch (error) {
    if (error instanceof OwnerGone) return false
    throw error
  }
}

async function post(owner: Owner, name: string, input: unknown, { signal, notice }: OperationsOptions) {
  const timer = setTimeout(
    () => notice(`Waiting for process ${owner.pid} (${owner.verb}) to answer …`),
    10 * NOTICE_AFTER_MS,
  )
  try {
    const { status, document } = await send(owner, name, input, signal)
    if (status === 200) return document
    throw fromErrorDocument(document as ErrorDocument)
  } finally {
    clearTimeout(timer)
  }
}

/**
 * One HTTP call on loopback, without a time limit: an export may take minutes. A broken connection is an `OwnerGone`, and so is an answer
 * that no owner gave: the port may have gone to another program, or to an owner with another token.
 */
function send(
  owner: Owner,
  name: string,
  input: unknown,
  signal?: AbortSignal,
): Promise<{ readonly status: number; readonly document: unknown }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(signal?.aborted ? signal.reason : new OwnerGone(error.message, { cause: error }))
    const call = request(
      {
        host: '127.0.0.1',
        port: owner.port,
        method: 'POST',
        path: `/edgefund/operations/${name}`,
        headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
        agent: false,
        ...(signal && { signal }),
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', fail)
        response.on('end', () => {
          const status = response.statusCode ?? 0
          if (response.headers[OPERATION_HEADER] !== name) fail(new Error(`Port ${owner.port} answered ${status}`))
          else resolve({ status, document: JSON.parse(Buffer.concat(chunks).toString()) as unknown })
        })
      },
    )
    call.on('error', fail)
    call.end(JSON.stringify(input))
  })
}
