import { randomUUID } from 'node:crypto'
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { type Bucket, openBucket, type S3Options, type S3Place } from './bucket.ts'
import { refusalOf } from './failure.ts'
import { checkBucket } from './look.ts'

export interface PreparedBucket {
  /** What was done; in a dry run, what would be. */
  readonly bucket: 'create' | 'keep'
  /** Whether the server lets one of two simultaneous creators win, without which nothing here is safe. A dry run does not try. */
  readonly conditionalWrites: boolean | 'not tried'
}

/**
 * Makes the bucket where it is missing, and finds out whether its server can be used. A dry run changes nothing.
 * Throws `UnavailableError` when the server is away or refuses us.
 */
export async function prepareBucket(
  place: S3Place,
  { dryRun = false, ...options }: S3Options & { readonly dryRun?: boolean } = {},
): Promise<PreparedBucket> {
  const bucket = openBucket(place, options)
  try {
    const found = await bucket.told('look for the bucket', () => isThere(bucket))
    if (dryRun) return { bucket: found ? 'keep' : 'create', conditionalWrites: 'not tried' }
    const made = !found && (await bucket.told('create the bucket', () => create(bucket)))
    const conditionalWrites = await bucket.told('try a conditional write', () => tryConditionalWrites(bucket))
    return { bucket: made ? 'create' : 'keep', conditionalWrites }
  } finally {
    bucket.client.destroy()
  }
}

async function isThere(bucket: Bucket): Promise<boolean> {
  try {
    await checkBucket(bucket)
    return true
  } catch (error) {
    if (refusalOf(error).code === 'NoSuchBucket') return false
    throw error
  }
}

/** Whether it was made by us now: somebody else of us may have been faster, which is as good. */
async function create({ client, name }: Bucket): Promise<boolean> {
  try {
    await client.send(new CreateBucketCommand({ Bucket: name }))
    return true
  } catch (error) {
    const { code } = refusalOf(error)
    if (code === 'BucketAlreadyOwnedByYou') return false
    if (code !== 'InvalidLocationConstraint') throw error
    await client.send(withoutRegion(new CreateBucketCommand({ Bucket: name })))
    return true
  }
}

/** The client names its region as the place of the bucket, as the public service wants it; Ceph knows no such places. */
function withoutRegion(command: CreateBucketCommand): CreateBucketCommand {
  command.middlewareStack.add(
    (next) => (args) => next({ ...args, input: { ...args.input, CreateBucketConfiguration: undefined } }),
    { step: 'initialize', priority: 'low' },
  )
  return command
}

/** Creates an object twice. Without conditional writes the first is refused (501) or, worse, the second is not. */
async function tryConditionalWrites(bucket: Bucket): Promise<boolean> {
  const probe = bucket.at(`.edgefund-probe/${randomUUID()}`)
  const createOnce = () =>
    bucket.client.send(new PutObjectCommand({ ...probe, Body: '', ContentLength: 0, IfNoneMatch: '*' }))
  try {
    await createOnce()
    await createOnce()
    return false
  } catch (error) {
    const { status } = refusalOf(error)
    if (status === 412 || status === 409) return true
    if (status === 501) return false
    throw error
  } finally {
    await bucket.client.send(new DeleteObjectCommand(probe))
  }
}
