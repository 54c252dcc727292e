import { S3Client } from '@aws-sdk/client-s3'
import { checkObjectKey } from '../objects/object-key.ts'
import { s3Failure } from './failure.ts'

/** Where objects are and who asks for them. */
export interface S3Place {
  /** `http://` or `https://`, host and port; the bucket is part of the path, as every server understands it. */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly accessKey: string
  readonly secretKey: string
  /** All keys are kept below this one, so that several stores share a bucket. */
  readonly prefix?: string
}

export interface S3Options {
  /** Until a connection is made; default 3 s. */
  readonly connectTimeoutMs?: number
  /** A connection on which nothing moves is given up after this; default 20 s. */
  readonly idleTimeoutMs?: number
  /** How often a request is sent when it or its answer is lost or the server says "not now"; default 3. */
  readonly attempts?: number
}

/** One bucket, or the part of it below a prefix. */
export interface Bucket {
  readonly client: S3Client
  readonly name: string
  /** In front of every key: empty, or a prefix and its slash. */
  readonly root: string
  /** The bucket and its server, for messages. */
  readonly where: string
  readonly idleTimeoutMs: number
  /** What a request about one object says. Throws `InputError` when no store could keep the key. */
  at(key: string): { readonly Bucket: string; readonly Key: string }
  /** Does a piece of work and says of its failure what was tried and where. */
  told<T>(doing: string, work: () => Promise<T>): Promise<T>
  failure(doing: string, error: unknown): unknown
}

/** From the start of a request, its body included, to the first byte of the answer; a bound for lines that dribble. */
const REQUEST_TIMEOUT_MS = 120_000

/** Makes the client; nothing is sent before the first request. */
export function openBucket(place: S3Place, options: S3Options = {}): Bucket {
  const { endpoint, region, bucket: name, accessKey, secretKey, prefix } = place
  const idleTimeoutMs = options.idleTimeoutMs ?? 20_000
  if (prefix !== undefined) checkObjectKey(prefix)
  const root = prefix === undefined ? '' : `${prefix}/`
  // The versions are pinned, and they run on this Node: no reader of our logs needs the SDK's word about its later ones.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    forcePathStyle: true,
    // The SDK's default sends bodies in a form that Ceph 16 and Swift do not read.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Asking first costs a connection for every body from 2 MB up, and six seconds where nobody answers the question.
    expectContinueHeader: false,
    // What the SDK would otherwise ask the environment and files in the home folder for: this house is configured in one place.
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    useArnRegion: false,
    disableS3ExpressSessionAuth: true,
    authSchemePreference: [],
    sigv4aSigningRegionSet: [],
    userAgentAppId: '',
    maxAttempts: options.attempts ?? 3,
    retryMode: 'standard',
    defaultsMode: 'standard',
    requestHandler: {
      connectionTimeout: options.connectTimeoutMs ?? 3_000,
      socketTimeout: idleTimeoutMs,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  })
  const where = `bucket "${name}" at ${new URL(endpoint).host}`
  const failure = (doing: string, error: unknown) => s3Failure(where, doing, error)

  return {
    client,
    name,
    root,
    where,
    idleTimeoutMs,
    failure,
    at(key) {
      checkObjectKey(key)
      if (root) checkObjectKey(root + key) // together they may be too long
      return { Bucket: name, Key: root + key }
    },
    async told(doing, work) {
      try {
        return await work()
      } catch (error) {
        throw failure(doing, error)
      }
    },
  }
}
