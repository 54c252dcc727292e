/** What is known of a stored object without reading it. */
export interface ObjectInfo {
  readonly key: string
  readonly bytes: number
  /** Opaque version of the content; changes whenever the content does. */
  readonly etag: string
}

/** An object that is read piece by piece. */
export interface ObjectStream {
  /**
   * The pieces, to be read once. They are whole and of this one version, even when the object is replaced or deleted meanwhile. What is
   * held for the reader (a file, a connection) is let go at the end, or when the reader leaves its loop: whoever asks must read.
   */
  readonly body: AsyncIterable<Uint8Array>
  readonly bytes: number
  readonly etag: string
}

/**
 * Bytes under keys, in a folder, in memory or in S3. Keys are `/`-separated, without leading slash, `.` or `..` parts.
 * Writes are atomic: a reader sees the whole old content or the whole new, whatever dies.
 * Every method throws `UnavailableError` when the store cannot be reached.
 */
export interface ObjectStore {
  /** Undefined when there is no such object. */
  get(key: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined>
  /** Undefined when there is no such object. For what is too large to hold: memory stays at a few pieces. */
  getStream(key: string): Promise<ObjectStream | undefined>
  /** Bytes `start` (inclusive) to `end` (exclusive) of an object, fewer at its end; undefined when there is none. */
  getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined>
  head(key: string): Promise<ObjectInfo | undefined>
  /**
   * Writes the object and answers its new etag, or `undefined` (and writes nothing) when the condition does not hold:
   * `ifAbsent` wants no such object, `ifMatch` wants the named version. Without a condition it replaces.
   */
  put(key: string, body: Uint8Array, condition?: PutCondition): Promise<string | undefined>
  /**
   * Replaces the object by all that the source gives, in bounded memory, and answers the new etag. The object changes when the source
   * has ended; when the source throws, that error is thrown, and the object is what it was. The store asks for a piece when it is done
   * with the one before, so a source may use one buffer over and over.
   */
  putStream(key: string, body: AsyncIterable<Uint8Array>): Promise<string>
  delete(key: string): Promise<void>
  /** Objects whose key starts with the prefix, in key order (by UTF-16 code units), page by page under the hood. */
  list(prefix: string): AsyncIterable<ObjectInfo>
}

export type PutCondition = { readonly ifAbsent: true } | { readonly ifMatch: string }
