/** Something we lean on is away (a server, the network, a missing migration): wait and try again, do not count. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError'
}

/** This input can never succeed: a person must look. It goes to the dead letters at once. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError'
}

/** What a user gave (an argument, a file, a configuration) is wrong: one sentence with what was found, where, and what was
 * expected. The command line ends with exit code 2. */
export class InputError extends PermanentError {
  readonly kind = 'input'
}
