/** Input that the command cannot use, apart from what is wrong inside documents (`DocumentError` of the scenarios). */

/** One clear message, no stack trace, exit code 2. */
export class InputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InputError';
  }
}
